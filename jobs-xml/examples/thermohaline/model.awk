# Stommel's (1961) two-box model: its parameters, its equations, and what is known of them by hand.
# README.md derives them. Used with another program: awk -v parameters=FILE -f model.awk -f PROGRAM.
#
# Units are year, Sv (1e6 m3/s), K and g/kg. Nothing but + - * / is used, so that even an awk built
# without mathematical functions will do.

BEGIN {
  read_parameters()
  alpha = parameter("alpha")
  beta = parameter("beta")
  salinity = parameter("salinity")
  contrast = parameter("contrast")
  volume = parameter("volume") / (1e6 * 365.25 * 86400) # Sv year
  relaxation = parameter("relaxation")
  gyre = parameter("gyre")
  conductance = parameter("conductance")
  forcing_points = parameter("forcing_points")
  forcing_first = parameter("forcing_first")
  forcing_last = parameter("forcing_last")

  thermal = conductance * alpha * contrast # A: overturning if the imposed contrast drove it alone
  renewal = volume / (2 * relaxation)      # q_c: overturning that halves the temperature contrast
  haline = conductance * beta * salinity   # Sv that forcing takes away, if as strong as the exchange
}

function read_parameters(    line, word, status) {
  while ((status = (getline line < parameters)) > 0)
    if (line !~ /^#/ && split(line, word, " ") > 1) value[word[1]] = word[2]
  if (status < 0) fail("cannot read the parameters in " parameters)
}

function parameter(name) {
  if (!(name in value)) fail("expected parameter '" name "' in " parameters ", but it is not there")
  return value[name] + 0
}

# Overturning, Sv: positive when the cold pole sinks ("on"), negative when salt reverses it ("off").
function overturning(dT, dS) { return conductance * (alpha * dT - beta * dS) }

# The equations of motion: sets dT_dt (K/year) and dS_dt (g/kg/year) under the given forcing (Sv).
function tendencies(dT, dS, forcing,    exchange) {
  exchange = abs(overturning(dT, dS))
  dT_dt = (contrast - dT) / relaxation - 2 * exchange / volume * dT
  dS_dt = 2 * salinity * forcing / volume - 2 * (exchange + gyre) / volume * dS
}

# Forcing (Sv) in equilibrium with an overturning (Sv): all equilibria are on this curve.
function equilibrium(q,    exchange) {
  exchange = abs(q)
  return (exchange + gyre) * (thermal * renewal / (renewal + exchange) - q) / haline
}

# Overturning (Sv) at the fold where the "on" branch ends: the root of d equilibrium / dq, whose left
# side here grows with q, so that halving finds the only one. Without hysteresis there is none: 0.
function collapse_overturning(    low, high, q, halving) {
  high = thermal
  for (halving = 0; halving < 60; halving++) {
    q = (low + high) / 2
    if ((gyre + 2 * q) * (renewal + q) * (renewal + q) < thermal * renewal * (renewal - gyre)) low = q
    else high = q
  }
  return low
}

function collapse_forcing() { return equilibrium(collapse_overturning()) }

# The "off" branch ends where its circulation comes to rest, at the corner of |q|.
function recovery_forcing() { return equilibrium(0) }

function abs(x) { return x < 0 ? -x : x }

function fail(message) {
  if (!failed++) print "thermohaline: " message | "cat >&2"
  exit 1
}
