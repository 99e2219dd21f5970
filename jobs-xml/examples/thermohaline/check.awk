# Checks hysteresis.csv and thresholds.csv against theory.

BEGIN { FS = "," }

FNR == 1 { file++; next }

# The equilibria were found by setting the tendencies to zero by hand, the states by integrating them.
file == 1 {
  states++
  distance = abs(equilibrium($4) - $3)
  if (!(distance <= 1e-5))
    fail("instance " $1 ": expected " $4 " Sv to be in equilibrium with " $3 " Sv, but it is with " \
      equilibrium($4) " Sv")
}

file == 2 {
  thresholds++
  if (!($2 <= $4 && $4 <= $3))
    fail("expected the " $1 " at the fold, " $4 " Sv, but it is between " $2 " and " $3 " Sv")
  printf "%s between %s and %s Sv, fold at %s Sv\n", $1, $2, $3, $4
}

END {
  if (failed) exit
  if (states != 2 * forcing_points || thresholds != 2)
    fail("expected " 2 * forcing_points " states and 2 thresholds, but got " states + 0 " and " thresholds + 0)
  else print states " steady states on the curve of equilibria"
}
