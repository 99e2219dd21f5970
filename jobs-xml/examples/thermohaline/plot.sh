#!/bin/sh
# Draws the hysteresis: hysteresis.svg, and a sketch of it on standard output.
CDPATH='' cd -- "$(dirname -- "$0")" || exit 1
. ./study.sh

# draw PROGRAM
draw() {
  awk -v parameters="$results/parameters.txt" -f model.awk -f ensemble.awk -f "$1" \
    "$results/hysteresis.csv" "$results/thresholds.csv"
}

publish "$results/hysteresis.svg" draw svg.awk
draw terminal.awk

printf '\nThe picture: %s\nThe table:   %s\n' "$results/hysteresis.svg" "$results/hysteresis.csv"
