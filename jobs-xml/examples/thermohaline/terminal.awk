# Sketches the hysteresis in 80 columns of plain ASCII, which every terminal and log file shows.

END {
  if (failed) exit

  columns = 67
  rows = 24
  flow_tick = tick(flow_max - flow_min)
  flow_low = floor_to(flow_min, flow_tick)
  flow_high = floor_to(flow_max, flow_tick) + flow_tick

  # Later marks cover earlier ones: zero line, unstable equilibria, jumps, states.
  for (c = 0; c <= columns; c++) mark[c, row(0)] = "-"
  for (i = 1; i < 100; i++) {
    q = collapse_overturning() * i / 100
    mark[column(equilibrium(q)), row(q)] = "."
  }
  for (r = row(state("on", below["collapse"])) + 1; r < row(collapse_overturning()); r++)
    mark[column(analytic["collapse"]), r] = "v"
  for (r = row(0) + 1; r < row(state("off", above["recovery"])); r++)
    mark[column(analytic["recovery"]), r] = "^"
  for (i = 1; i <= count; i++) {
    cell = column(forcing[i]) SUBSEP row(flow[i])
    own = branch[i] == "on" ? "o" : "x"
    mark[cell] = mark[cell] ~ /[ox#]/ && mark[cell] != own ? "#" : own
  }

  print "  Overturning q (Sv)"
  for (r = rows; r >= 0; r--) {
    drawn = ""
    for (c = 0; c <= columns; c++) drawn = drawn ((c, r) in mark ? mark[c, r] : " ")
    sub(/ +$/, "", drawn)
    printf "%6s |%s\n", label(r), drawn
  }
  drawn = labels = ""
  forcing_tick = tick(forcing_last - forcing_first)
  for (c = 0; c <= columns; c++) drawn = drawn "-"
  for (f = forcing_first; f < forcing_last + forcing_tick / 2; f += forcing_tick) {
    c = column(f)
    drawn = substr(drawn, 1, c) "+" substr(drawn, c + 2)
    labels = sprintf("%-" (c + 8 - int(length(f "") / 2)) "s%s", labels, f)
  }
  printf "%8s%s\n%s\n", "", drawn, labels
  printf "%" (columns + 8) "s\n\n", "Freshwater forcing F (Sv)"
  print "  o started on    x started off    # both    . unstable equilibrium (analytic)"
  print ""
  print "  threshold   integrated (Sv)      analytic fold (Sv)"
  threshold("collapse")
  threshold("recovery")
}

function column(f) { return int((f - forcing_first) / (forcing_last - forcing_first) * columns + 0.5) }
function row(q) { return int((q - flow_low) / (flow_high - flow_low) * rows + 0.5) }

# The axis label of a row, if a tick falls on it.
function label(r,    q) {
  for (q = flow_low; q < flow_high + flow_tick / 2; q += flow_tick)
    if (row(q) == r) return sprintf("%g", q)
  return ""
}

function threshold(name) {
  printf "  %-9s   %.4f to %.4f     %.4f\n", name, above[name], below[name], analytic[name]
}
