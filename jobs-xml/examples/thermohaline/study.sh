# What the tasks of the study share. Sourced by each script, in this folder.
set -eu
export LC_ALL=C # decimal points, whatever the user's language

fail() {
  printf 'thermohaline: %s\n' "$*" >&2
  exit 1
}

case ${CAPATAZ_RESULTS:-/} in
  /*) results=${CAPATAZ_RESULTS:-${PWD%/*}/results}/thermohaline ;;
  *) fail "expected an absolute path in CAPATAZ_RESULTS, but it is '$CAPATAZ_RESULTS'" ;;
esac

# Sets key to that of the prepared study.
read_key() {
  [ -r "$results/key" ] || fail "expected a prepared study in $results, but there is none; run prepare.sh"
  read -r key _ <"$results/key"
}

# publish FILE COMMAND ARGUMENT…
# Makes FILE the command's output. It appears whole or not at all, so that a task may be killed and
# run again at any time, and may run twice at once.
publish() {
  file=$1
  part=$1.part.$$
  shift
  trap 'rm -f "$part"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  "$@" >"$part"
  mv -f "$part" "$file"
  trap - EXIT HUP INT TERM
}
