# Makes a record of monthly mean temperatures: year, month (1 to 12), degrees Celsius. A seasonal cycle
# of 8 K about 10 degrees, a warming of 0.02 K a year, and weather: noise from -1 to 1 K.

BEGIN {
  split("-8 -7 -4 0 4 7 8 7 4 0 -4 -7", cycle, " ")
  for (year = 1991; year <= 2020; year++)
    for (month = 1; month <= 12; month++)
      printf "%d %d %.2f\n", year, month, 10 + cycle[month] + 0.02 * (year - 1991) + 2 * chance() - 1
}

# Uniform between 0 and 1: Park and Miller's generator, so that the record is the same with every awk.
function chance() {
  if (!state) state = 1961
  state = (16807 * state) % 2147483647
  return state / 2147483647
}
