# Checks that the step error, given with a step and with half of it, falls to a sixteenth.

BEGIN { FS = "," }

{ error[NR] = $9 }

END {
  if (failed) exit
  if (!(error[2] > 0)) fail("expected two step errors, but got '" error[1] "' and '" error[2] "'")
  ratio = error[1] / error[2]
  if (ratio < 12 || ratio > 24)
    fail("expected half the step to err 16 times less, but it is " ratio " times")
  printf "half the step errs %.0f times less, 16 being fourth order\n", ratio
}
