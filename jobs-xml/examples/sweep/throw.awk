# awk -v piece=NUMBER -f throw.awk
# Throws 50,000 points into the unit square and prints: piece, points, points inside the quarter circle.
#
# All pieces share one sequence of Park and Miller's generator, each its own stretch of it: unlike with
# twenty seeds, no two pieces can overlap or resemble each other, and every awk gives the same numbers.

BEGIN {
  modulus = 2147483647
  points = 50000
  state = times(1961, power(16807, 2 * points * (piece - 1)))
  for (i = 0; i < points; i++) {
    x = chance()
    y = chance()
    inside += x * x + y * y < 1
  }
  print piece, points, inside
}

function chance() {
  state = (16807 * state) % modulus
  return state / modulus
}

# a * b in the modulus, b taken in two halves because a double holds whole numbers up to 2^53 only.
function times(a, b,    high) {
  high = int(b / 65536)
  return ((a * high) % modulus * 65536 + a * (b - high * 65536)) % modulus
}

function power(base, exponent,    result) {
  for (result = 1; exponent > 0; exponent = int(exponent / 2)) {
    if (exponent % 2) result = times(result, base)
    base = times(base, base)
  }
  return result
}
