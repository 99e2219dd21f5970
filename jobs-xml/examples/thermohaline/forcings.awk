# Prints the table of instances: every forcing, first from an "on", then from an "off" circulation.

BEGIN {
  if (forcing_points < 2 || forcing_last <= forcing_first)
    fail("expected two forcings or more, growing, but got " forcing_points " from " forcing_first \
      " to " forcing_last)
  print "instance,branch,freshwater_Sv"
  for (i = 0; i < 2 * forcing_points; i++)
    printf "%d,%s,%.6f\n", i + 1, (i < forcing_points ? "on" : "off"), \
      forcing_first + (i % forcing_points) * (forcing_last - forcing_first) / (forcing_points - 1)
}
