# Reads the table of forcings and prints the result of each of its instances; refuses to print a table
# with a gap, with a leftover of another run (another key), or with a state that is not steady.

BEGIN {
  FS = ","
  print "instance,branch,freshwater_Sv,overturning_Sv,temperature_contrast_K,salinity_contrast_g_per_kg," \
    "years,residual_Sv_per_year,step_error_Sv"
}

FNR > 1 {
  file = instances "/" $1 ".csv"
  line = ""
  getline line < file
  close(file)
  columns = split(line, result, ",")
  if (columns != 10 || result[1] != $1) problem("missing")
  else if (result[10] != key) problem("left by another run")
  else if (result[8] > parameter("steady") || result[9] > parameter("step_error"))
    problem("not converged")
  else print substr(line, 1, length(line) - length(key) - 1)
}

END {
  if (problems)
    fail("expected " NR - 1 " results, but " problems " cannot be used, the first being instance " first)
}

function problem(what) {
  if (!problems++) first = $1 " (" what ")"
}
