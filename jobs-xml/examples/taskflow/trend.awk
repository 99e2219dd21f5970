# The trend of the yearly means by least squares: mean year, mean temperature, warming per year.

{ sum[$1] += $3; months[$1]++ }

END {
  for (year in sum) { n++; mean_year += year; mean += sum[year] / months[year] }
  mean_year /= n
  mean /= n
  for (year in sum) {
    covariance += (year - mean_year) * (sum[year] / months[year] - mean)
    variance += (year - mean_year) * (year - mean_year)
  }
  printf "%.1f %.3f %.4f\n", mean_year, mean, covariance / variance
}
