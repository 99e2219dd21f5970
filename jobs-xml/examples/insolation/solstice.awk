# Mean sunlight of a day at the northern summer solstice, at the top of the atmosphere, in W/m2.
# Variables: lat, the latitude, and tilt, that of the Earth's axis, both in degrees.
BEGIN {
  pi = atan2(0, -1)
  constant = 1361
  latitude = lat * pi / 180
  declination = tilt * pi / 180
  # Half of the time in which the sun is up, as an angle: all of it where it does not set.
  cosine = -sin(latitude) / cos(latitude) * sin(declination) / cos(declination)
  half = cosine <= -1 ? pi : cosine >= 1 ? 0 : atan2(sqrt(1 - cosine * cosine), cosine)
  mean = constant / pi * (half * sin(latitude) * sin(declination) \
      + cos(latitude) * cos(declination) * sin(half))
  printf "%s %s %.1f\n", lat, tilt, mean
}
