#!/bin/sh
# usage: prepare.sh [NAME=VALUE…]
# Writes what the other tasks read: the parameters (those of parameters.txt, unless overridden), the
# table of forcings, and the key: a checksum over all that decides the results.
CDPATH='' cd -- "$(dirname -- "$0")" || exit 1
. ./study.sh

refusal=$(mkdir -p "$results/instances" 2>&1) ||
  fail "$refusal; set CAPATAZ_RESULTS to a folder where you may write"

publish "$results/parameters.txt" awk -f settings.awk parameters.txt "$@"
publish "$results/forcings.csv" \
  awk -v parameters="$results/parameters.txt" -f model.awk -f forcings.awk

# Nothing of an earlier run is deleted, because it may still be running. A result carries the key
# under which it was made instead, and collect refuses another one.
checksum() { cat "$results/parameters.txt" "$results/forcings.csv" model.awk integrate.awk | cksum; }
publish "$results/key" checksum
