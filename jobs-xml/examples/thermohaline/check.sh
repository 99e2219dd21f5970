#!/bin/sh
# usage: check.sh [NAME=VALUE…]
# Runs the study without a scheduler, in a scratch folder, and checks its physics: the thresholds
# against the folds, every steady state against the curve of equilibria, the order of the integration,
# and the model against the example that Stommel published. Exits 0 if all hold, and 1 with the first
# that does not. Takes some ten seconds; with forcing_points=51 step=2 one.
CDPATH='' cd -- "$(dirname -- "$0")" || exit 1
scratch=${TMPDIR:-/tmp}/thermohaline-check.$$
mkdir -m 700 "$scratch" || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' HUP INT TERM
export CAPATAZ_RESULTS="$scratch"
. ./study.sh

# ensemble [NAME=VALUE…]: all tasks but the plot, one after the other.
ensemble() {
  sh prepare.sh "$@"
  awk 'END { for (i = 1; i < NR; i++) print i }' "$results/forcings.csv" |
    while read -r instance; do sh integrate.sh "$instance" || exit 1; done
}

# verify PROGRAM FILE…
verify() {
  program=$1
  shift
  awk -v parameters="$results/parameters.txt" -f model.awk -f "$program" "$@"
}

ensemble "$@"
sh collect.sh
verify check.awk "$results/hysteresis.csv" "$results/thresholds.csv"

# The method is of fourth order only if no coefficient is wrong. Instance 1 never stops the
# circulation, so that it stays clear of the corner of |q|, where no method is.
ensemble "$@" forcing_points=2 step=4
cp "$results/instances/1.csv" "$scratch/coarse.csv"
ensemble "$@" forcing_points=2 step=2
verify check_order.awk "$scratch/coarse.csv" "$results/instances/1.csv"

# Stommel (1961), figure 6: with R = 2, delta = 1/6 and lambda = 1/5 he reads the stable equilibria
# f = -1.1 and f = +0.23 from a graph. In units that make c, alpha dT* and the renewal 1, q is -f.
ensemble volume=6.31152e13 relaxation=1 alpha=1 contrast=1 conductance=5 beta=1 salinity=1 \
  gyre=0.1666667 forcing_first=0.3333333 forcing_last=0.3333334 forcing_points=2 step=0.02 steady=1e-6
verify check_stommel.awk "$results"/instances/1.csv "$results"/instances/3.csv
