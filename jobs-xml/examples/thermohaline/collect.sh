#!/bin/sh
# Gathers all instances in hysteresis.csv, and finds in it where the circulation collapses and recovers.
CDPATH='' cd -- "$(dirname -- "$0")" || exit 1
. ./study.sh

read_key

publish "$results/hysteresis.csv" \
  awk -v parameters="$results/parameters.txt" -v instances="$results/instances" -v key="$key" \
  -f model.awk -f collect.awk "$results/forcings.csv"
publish "$results/thresholds.csv" \
  awk -v parameters="$results/parameters.txt" -f model.awk -f thresholds.awk "$results/hysteresis.csv"
