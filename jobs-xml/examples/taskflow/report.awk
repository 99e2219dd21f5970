# Reads the season, the trend and the observations, and reports what they explain.

FNR == 1 { file++ }

file == 1 {
  season[$1] = $2
  if (FNR == 1 || $2 < season[coldest]) coldest = $1
  if (FNR == 1 || $2 > season[warmest]) warmest = $1
}

file == 2 { mean_year = $1; mean = $2; warming = $3 }

file == 3 {
  months++
  anomaly = $3 - mean
  unexplained = anomaly - season[$2] - warming * ($1 - mean_year)
  total += anomaly * anomaly
  rest += unexplained * unexplained
}

END {
  split("January February March April May June July August September October November December", \
    name, " ")
  printf "%d months of temperature, mean %.1f degrees Celsius\n", months, mean
  printf "  season   from %+.1f K in %s to %+.1f K in %s\n", season[coldest], name[coldest], \
    season[warmest], name[warmest]
  printf "  trend    %+.2f K in ten years\n", 10 * warming
  printf "  weather  %.1f %% of the variance is neither\n", 100 * rest / total
}
