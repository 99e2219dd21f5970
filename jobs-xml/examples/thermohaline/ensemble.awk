# Reads hysteresis.csv and thresholds.csv for the drawing programs, and chooses the axes.

BEGIN { FS = "," }

FNR == 1 { file++; next }

file == 1 {
  count++
  branch[count] = $2
  forcing[count] = $3
  flow[count] = $4 + 0
  if (count == 1 || flow[count] < flow_min) flow_min = flow[count]
  if (count == 1 || flow[count] > flow_max) flow_max = flow[count]
}

file == 2 {
  above[$1] = $2
  below[$1] = $3
  analytic[$1] = $4
}

# A tick distance of 1, 2 or 5 times a power of ten that divides the range in six or fewer.
function tick(range,    size) {
  for (size = 1; size > range / 6; size /= 10);
  for (; size * 10 <= range / 6; size *= 10);
  if (size * 1 >= range / 6) return size
  if (size * 2 >= range / 6) return size * 2
  if (size * 5 >= range / 6) return size * 5
  return size * 10
}

# The multiple of size at or below x.
function floor_to(x, size,    n) {
  n = int(x / size)
  return (n * size > x ? n - 1 : n) * size
}

# The state of a branch under a forcing.
function state(of, forcing_there,    i) {
  for (i = 1; i <= count; i++)
    if (branch[i] == of && forcing[i] == forcing_there) return flow[i]
}
