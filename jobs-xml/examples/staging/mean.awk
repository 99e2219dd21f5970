# The mean temperature of one month over all years of a record with the columns year, month, degrees.
#
# Variable: month, 1 to 12.

$2 == month { sum += $3; years++ }

END { printf "month %2d: %.1f degrees over %d years\n", month, sum / years, years }
