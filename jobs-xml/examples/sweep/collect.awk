# awk -v pieces=COUNT -f collect.awk FILE…
# Adds up the pieces, 1 to COUNT, and prints the estimate of pi with its standard error.

NF == 3 && !($1 in seen) {
  seen[$1] = 1
  if ($1 >= 1 && $1 <= pieces) { found++; points += $2; inside += $3 }
}

END {
  if (found != pieces) {
    print "sweep: expected " pieces " pieces, but found " found + 0 | "cat >&2"
    exit 1
  }
  share = inside / points
  error = 4 * root(share * (1 - share) / points)
  printf "pi = %.4f +- %.4f from %d points in %d pieces\n", 4 * share, error, points, pieces
}

# The square root of a number below 1 by Newton's method: not every awk is built with sqrt.
function root(square,    guess, i) {
  guess = 1
  for (i = 0; i < 60; i++) guess = (guess + square / guess) / 2
  return guess
}
