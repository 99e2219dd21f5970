# Integrates one instance (-v instance=NUMBER) of the table of forcings with the classical fourth-order
# Runge-Kutta method until it is steady, and prints it: the columns are those of collect.awk, and the key.
#
# A second integration with half the step goes beside it. Their largest distance on the way says what
# the step costs; at the end it would say nothing, as every step has the same steady states.

BEGIN {
  FS = ","
  step = parameter("step")
  years_max = parameter("years_max")
}

$1 == instance {
  found = 1
  branch = $2
  forcing = $3

  # "on" starts without any salinity contrast; "off" with so much that the circulation is the mirror
  # image of that. Both are far outside the final states, so that no branch is missed.
  dT = fine_dT = contrast
  dS = fine_dS = (branch == "on" ? 0 : 2 * alpha * contrast / beta)

  do {
    advance(dT, dS, step);                dT = next_dT;      dS = next_dS
    advance(fine_dT, fine_dS, step / 2);  fine_dT = next_dT; fine_dS = next_dS
    advance(fine_dT, fine_dS, step / 2);  fine_dT = next_dT; fine_dS = next_dS
    years += step

    q = overturning(fine_dT, fine_dS)
    distance = abs(overturning(dT, dS) - q)
    # Written so that a "not a number" fails as well.
    if (!(distance <= parameter("step_error")))
      fail("instance " instance ": expected the step to err by less than " parameter("step_error") \
        " Sv, but it is " distance " Sv after " years " years; take a smaller step than " step)
    if (distance > step_error) step_error = distance

    tendencies(fine_dT, fine_dS, forcing)
    residual = conductance * (alpha * abs(dT_dt) + beta * abs(dS_dt))
    if (years > years_max)
      fail("instance " instance ": expected a steady state within " years_max \
        " years, but the overturning still changes by " residual " Sv/year")
  } while (residual > parameter("steady"))

  printf "%d,%s,%s,%.6f,%.6f,%.6f,%.1f,%.1e,%.1e,%s\n", \
    instance, branch, forcing, q, fine_dT, fine_dS, years, residual, step_error, key
  exit
}

END {
  if (!found && !failed) fail("expected an instance of the table of forcings, but there is no " instance)
}

# One Runge-Kutta step of h years: sets next_dT and next_dS.
function advance(T, S, h,    T1, S1, T2, S2, T3, S3) {
  tendencies(T, S, forcing);                       T1 = dT_dt; S1 = dS_dt
  tendencies(T + h / 2 * T1, S + h / 2 * S1, forcing); T2 = dT_dt; S2 = dS_dt
  tendencies(T + h / 2 * T2, S + h / 2 * S2, forcing); T3 = dT_dt; S3 = dS_dt
  tendencies(T + h * T3, S + h * S3, forcing)
  next_dT = T + h / 6 * (T1 + 2 * T2 + 2 * T3 + dT_dt)
  next_dS = S + h / 6 * (S1 + 2 * S2 + 2 * S3 + dS_dt)
}
