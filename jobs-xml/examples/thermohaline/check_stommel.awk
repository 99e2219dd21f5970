# Checks the two states of Stommel's own example, first "on", then "off".

BEGIN {
  FS = ","
  published["on"] = 1.1
  published["off"] = -0.23
}

# He gives two digits, read from a graph.
{
  states++
  if (!(abs($4 - published[$2]) <= 0.05))
    fail("expected Stommel's f = " -published[$2] " for '" $2 "', but got " -$4)
  printf "Stommel's example, \"%s\": f = %.3f, published %.2f\n", $2, -$4, -published[$2]
}

END {
  if (!failed && states != 2) fail("expected two states, but got " states + 0)
}
