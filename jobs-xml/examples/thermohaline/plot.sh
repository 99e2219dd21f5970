#!/bin/sh
# Draws the hysteresis: hysteresis.svg, and a sketch of it on standard output.
CDPATH='' cd -- "$(dirname -- "$0")" || exit 1
. ./study.sh

[ -r "$results/thresholds.csv" ] ||
  fail "expected a collected study in $results, but there is none; run collect.sh"

# draw PROGRAM
draw() {
  awk -v parameters="$results/parameters.txt" -f model.awk -f ensemble.awk -f "$1" \
    "$results/hysteresis.csv" "$results/thresholds.csv"
}

publish "$results/hysteresis.svg" draw svg.awk
draw terminal.awk

printf '\nThe picture: %s\nThe table:   %s\n' "$results/hysteresis.svg" "$results/hysteresis.csv"
