# Draws the hysteresis as SVG: the integrated steady states over the curve of equilibria.

END {
  if (failed) exit

  left = 80; right = 770; top = 92; bottom = 476
  forcing_tick = tick(forcing_last - forcing_first)
  flow_tick = tick(flow_max - flow_min)
  flow_low = floor_to(flow_min, flow_tick)
  flow_high = floor_to(flow_max, flow_tick) + flow_tick

  begin(800, 560)
  axes()
  equilibria()
  states("off", 3.4)
  states("on", 1.7)
  jump("collapse", "on", collapse_overturning(), below["collapse"])
  jump("recovery", "off", 0, above["recovery"])
  fold("collapse", collapse_overturning(), 14, -8)
  fold("recovery", 0, -14, 24)
  inscribe("on", int(forcing_points * 0.05) + 1, "“on”: cold water sinks at the pole")
  inscribe("off", int(forcing_points * 1.68), "“off”: salt reverses the flow")
  legend(right - 218, top + 12)
  print "</svg>"
}

function x_of(f) { return left + (f - forcing_first) / (forcing_last - forcing_first) * (right - left) }
function y_of(q) { return bottom - (q - flow_low) / (flow_high - flow_low) * (bottom - top) }

function begin(width, height) {
  printf "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' role='img'>\n", width, height
  print "<title>Hysteresis of the Atlantic overturning circulation</title>"
  printf "<desc>Overturning against freshwater forcing in Stommel's two-box model: "
  printf "collapse at %.4f Sv, recovery at %.4f Sv.</desc>\n", analytic["collapse"], analytic["recovery"]
  style()
  arrowhead("on")
  arrowhead("off")
  printf "<rect class='paper' width='%d' height='%d'/>\n", width, height
  text("title", left, 38, "Hysteresis of the Atlantic overturning circulation")
  text("subtitle", left, 64, "Stommel’s (1961) two-box model: " count \
    " integrations to a steady state, from two initial circulations")
}

function style() {
  print "<style>"
  print "text { font: 14px system-ui, Helvetica Neue, Arial, DejaVu Sans, sans-serif; fill: #333 }"
  print ".paper { fill: #fff }  .band { fill: #f6f4ee }  .box { fill: #fff; stroke: #ddd }"
  print ".grid { stroke: #e6e6e6 }  .zero { stroke: #999 }"
  print ".stable, .unstable { fill: none; stroke: #222; stroke-width: 1.3 }  .unstable { stroke-dasharray: 6 5 }"
  print ".fold { fill: #fff; stroke: #111; stroke-width: 2 }"
  print ".on circle, circle.on, .head.on { fill: #0072b2 }  .head.off { fill: #d55e00 }"
  print ".off circle, circle.off { fill: none; stroke: #d55e00 }"
  print ".jump { stroke-width: 1.6 }"
  print ".jump.on { stroke: #0072b2; marker-end: url(#on) }  .jump.off { stroke: #d55e00; marker-end: url(#off) }"
  print "text.title { font-size: 21px; font-weight: 600; fill: #111 }  text.subtitle { fill: #666 }"
  print "text.axis { font-size: 15px; fill: #111; text-anchor: middle }"
  print "text.tick { text-anchor: middle }  text.flow { text-anchor: end }"
  print "text.region { font-size: 13px; fill: #8a7f66; text-anchor: middle }"
  print "text.threshold { font-weight: 600; fill: #111 }  text.measured { font-size: 12.5px; fill: #666 }"
  print "text.left { text-anchor: end }  text.legend { font-size: 12px }"
  print "text.on { font-size: 13px; fill: #0072b2 }  text.off { font-size: 13px; fill: #b34e00 }"
  print "</style>"
}

function arrowhead(branch) {
  printf "<marker id='%s' viewBox='0 0 10 10' refX='9' refY='5' markerWidth='8' markerHeight='8' ", branch
  printf "orient='auto'><path class='head %s' d='M0 1 L10 5 L0 9 z'/></marker>\n", branch
}

function axes(    f, q, from, to) {
  from = x_of(analytic["recovery"])
  to = x_of(analytic["collapse"])
  rectangle("band", from, top, to - from, bottom - top)
  text("region", (from + to) / 2, top + 20, "two stable states")
  for (f = forcing_first; f < forcing_last + forcing_tick / 2; f += forcing_tick) {
    segment("grid", x_of(f), top, x_of(f), bottom)
    text("tick", x_of(f), bottom + 22, sprintf("%g", f))
  }
  for (q = flow_low; q < flow_high + flow_tick / 2; q += flow_tick) {
    segment(q * q < 1e-9 ? "zero" : "grid", left, y_of(q), right, y_of(q))
    text("flow", left - 12, y_of(q) + 5, (q < 0 ? "−" : "") sprintf("%g", abs(q)))
  }
  text("axis", (left + right) / 2, bottom + 52, "Freshwater forcing F (Sv)")
  printf "<g transform='translate(30 %d) rotate(-90)'>\n", (top + bottom) / 2
  text("axis", 0, 0, "Overturning q (Sv)")
  print "</g>"
}

# The curve of equilibria in its three parts; what lies between the folds is unstable.
function equilibria() {
  curve("stable", flow_low, 0)
  curve("unstable", 0, collapse_overturning())
  curve("stable", collapse_overturning(), flow_high)
}

function curve(class, from, to,    i, q, f, pen) {
  printf "<path class='%s' d='", class
  pen = "M"
  for (i = 0; i <= 200; i++) {
    q = from + (to - from) * i / 200
    f = equilibrium(q)
    if (f < forcing_first || f > forcing_last) continue
    printf "%s%.1f %.1f", pen, x_of(f), y_of(q)
    pen = " L"
  }
  print "'/>"
}

function states(of, radius,    i) {
  printf "<g class='%s'>\n", of
  for (i = 1; i <= count; i++)
    if (branch[i] == of) circle("", x_of(forcing[i]), y_of(flow[i]), radius)
  print "</g>"
}

# The arrow from the fold where a branch ends to the state that the circulation goes to instead.
function jump(threshold, of, from, forcing_there,    to, gap) {
  to = state(of, forcing_there)
  gap = to < from ? 9 : -9
  segment("jump " of, x_of(analytic[threshold]), y_of(from) + gap, x_of(analytic[threshold]), y_of(to) - gap)
}

# A fold point, and its threshold dx, dy beside it; dx < 0 is to the left.
function fold(threshold, q, dx, dy,    px, py, side) {
  px = x_of(analytic[threshold])
  py = y_of(q)
  side = dx < 0 ? " left" : ""
  circle("fold", px, py, 6)
  text("threshold" side, px + dx, py + dy, sprintf("%s at %.4f Sv", threshold, analytic[threshold]))
  text("measured" side, px + dx, py + dy + 18, \
    sprintf("integrated: %.4f to %.4f", above[threshold], below[threshold]))
}

# Names a branch beside its state number i.
function inscribe(of, i, meaning) { text(of, x_of(forcing[i]), y_of(flow[i]) - 14, meaning) }

function legend(px, py) {
  rectangle("box", px, py, 206, 124)
  circle("on", px + 26, py + 18, 2.6)
  circle("off", px + 26, py + 40, 3.6)
  segment("stable", px + 10, py + 62, px + 42, py + 62)
  segment("unstable", px + 10, py + 84, px + 42, py + 84)
  circle("fold", px + 26, py + 106, 5)
  text("legend", px + 54, py + 22, "integrated, started “on”")
  text("legend", px + 54, py + 44, "integrated, started “off”")
  text("legend", px + 54, py + 66, "analytic, stable")
  text("legend", px + 54, py + 88, "analytic, unstable")
  text("legend", px + 54, py + 110, "analytic, fold point")
}

function rectangle(class, px, py, width, height) {
  printf "<rect class='%s' x='%.1f' y='%.1f' width='%.1f' height='%.1f'/>\n", class, px, py, width, height
}

function circle(class, px, py, radius) {
  printf "<circle%s cx='%.1f' cy='%.1f' r='%s'/>\n", (class == "" ? "" : " class='" class "'"), px, py, radius
}

function segment(class, x1, y1, x2, y2) {
  printf "<line class='%s' x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>\n", class, x1, y1, x2, y2
}

function text(class, px, py, content) {
  printf "<text class='%s' x='%.1f' y='%.1f'>%s</text>\n", class, px, py, content
}
