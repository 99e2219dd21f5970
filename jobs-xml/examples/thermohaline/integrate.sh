#!/bin/sh
# usage: integrate.sh INSTANCE
# Integrates one row of the table of forcings to its steady state: one line in instances/INSTANCE.csv.
CDPATH='' cd -- "$(dirname -- "$0")" || exit 1
. ./study.sh

case ${1:-} in
  '' | *[!0-9]*) fail "expected the number of an instance, but got '${1:-}'" ;;
esac
read_key

publish "$results/instances/$1.csv" \
  awk -v parameters="$results/parameters.txt" -v instance="$1" -v key="$key" \
  -f model.awk -f integrate.awk "$results/forcings.csv"
