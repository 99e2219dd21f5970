# The seasonal cycle: month, and how much it differs from the mean of all months.

{ sum[$2] += $3; years[$2]++; total += $3 }

END {
  for (month = 1; month <= 12; month++)
    printf "%d %.3f\n", month, sum[month] / years[month] - total / NR
}
