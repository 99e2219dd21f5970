#!/usr/bin/env python3
"""How synthetic.swf and synthetic.starts were made: a load by chance, and when each of its jobs
starts by a simulator that has nothing in common with Capataz.

    ./make-synthetic.py SIMULATOR

SIMULATOR is a program that takes an SWF file, --procs, --policy, --order, --ties, --guard and
--out, and writes lines of: id submit start end procs.
"""
import os
import random
import subprocess
import sys
import tempfile

PROCESSORS = 64
RUNS = [
    "fcfs fcfs batch", "easy fcfs batch", "easy fcfs serial", "easy-sjbf fcfs batch",
    "conservative fcfs batch", "easy sjf batch", "easy saf batch", "easy wfp3 batch",
    "easy unicep batch", "easy f1 batch", "easy sjf batch 7200", "easy-sjbf saf batch 7200",
]


def load(path):
    chance, submit = random.Random(2026), 0
    with open(path, "w") as out:
        out.write("; A load by chance, see make-synthetic.py\n; MaxProcs: %d\n" % PROCESSORS)
        for number in range(1, 801):
            # Often at the same second, and most often for round times and sizes, as people do.
            submit += chance.choice([0, 0, 1, 30, 60, 240, 900])
            size = chance.choice([1, 1, 2, 4, 7, 8, 16, 32, 64, chance.randint(1, 64)])
            estimate = chance.choice([60, 600, 1800, 3600, 7200, chance.randint(1, 5000)])
            run = chance.choice([estimate, chance.randint(1, estimate), estimate // 10])
            # Some lines that are to be left out, and some jobs that outlast their estimate.
            run = -1 if chance.random() < 0.02 else run + 50 if chance.random() < 0.02 else run
            out.write("%d %d -1 %d %d -1 -1 %d %d -1 1 1 1 -1 1 -1 -1 -1\n"
                      % (number, submit, run, size, chance.choice([size, -1]), estimate))


def starts(simulator, trace, run):
    policy, order, ties, *guard = run.split()
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            [sys.executable, simulator, trace, "--procs", str(PROCESSORS), "--policy", policy,
             "--order", order, "--ties", ties, "--out", out.name]
            + (["--guard", guard[0]] if guard else []), check=True, stdout=subprocess.DEVNULL)
        return {line.split()[0]: line.split()[2] for line in open(out.name)}


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    load("synthetic.swf")
    runs = [starts(sys.argv[1], "synthetic.swf", run) for run in RUNS]
    with open("synthetic.starts", "w") as out:
        out.write("; id, and its start by: " + ", ".join(RUNS) + "\n")
        for job in sorted(runs[0], key=int):
            out.write(" ".join([job] + [each[job] for each in runs]) + "\n")
