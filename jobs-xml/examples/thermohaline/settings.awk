# awk -f settings.awk parameters.txt NAME=VALUE…
# Prints the table of parameters with the given values in place of those in the file.

BEGIN {
  number = "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$"
  for (i = 2; i < ARGC; i++) {
    split(ARGV[i], part, "=")
    if (part[2] !~ number) refuse("NAME=NUMBER", ARGV[i])
    setting[part[1]] = part[2]
    ARGV[i] = "" # not a file to read
  }
}

$1 in setting {
  $2 = setting[$1]
  delete setting[$1]
}

{ print }

END {
  for (name in setting) refuse("a parameter of parameters.txt", name)
}

function refuse(expected, got) {
  if (!refused++) print "thermohaline: expected " expected ", but got '" got "'" | "cat >&2"
  exit 1
}
