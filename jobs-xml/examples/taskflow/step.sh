#!/bin/sh
# usage: step.sh STEP [EARLIER-STEP…]
# Runs STEP.awk on what the earlier steps left, and leaves its output in results/taskflow/STEP.txt.
set -eu
export LC_ALL=C # decimal points, whatever the user's language
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

step=${1:?"expected the name of a step"}
shift
results=${CAPATAZ_RESULTS:-${here%/*}/results}/taskflow
mkdir -p "$results"
cd -- "$results"

# The files of earlier steps have the names of the steps. A file appears whole or not at all.
for earlier; do
  shift
  set -- "$@" "$earlier.txt"
done
trap 'exit 130' HUP INT TERM
trap 'rm -f "$step.part.$$"' EXIT
awk -f "$here/$step.awk" "$@" >"$step.part.$$"
mv -f "$step.part.$$" "$step.txt"

if [ "$step" = report ]; then
  cat report.txt
  printf '\nThe results: %s\n' "$results"
fi
