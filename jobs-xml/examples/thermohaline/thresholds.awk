# Reads hysteresis.csv and prints between which two neighbouring forcings each branch changes the
# direction of its overturning, beside the fold of the curve of equilibria where theory puts it.

BEGIN { FS = "," }

FNR > 1 {
  if ($2 == branch && $4 * overturning_before < 0) {
    changes[$2]++
    below[$2] = forcing_before
    above[$2] = $3
  }
  branch = $2
  forcing_before = $3
  overturning_before = $4
}

END {
  if (failed) exit
  print "threshold,measured_above_Sv,measured_below_Sv,analytic_Sv"
  report("collapse", "on", collapse_forcing())
  report("recovery", "off", recovery_forcing())
}

function report(threshold, branch, analytic) {
  if (failed) exit
  if (changes[branch] != 1)
    fail("expected one " threshold " among the forcings of branch '" branch "', but found " \
      changes[branch] + 0)
  printf "%s,%s,%s,%.6f\n", threshold, below[branch], above[branch], analytic
}
