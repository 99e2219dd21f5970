# Draws the hysteresis as SVG: the integrated steady states over the curve of equilibria.

END {
  if (failed) exit

  width = 800; height = 560
  left = 80; right = 770; top = 92; bottom = 476
  forcing_tick = tick(forcing_last - forcing_first)
  flow_tick = tick(flow_max - flow_min)
  flow_low = floor_to(flow_min, flow_tick)
  flow_high = floor_to(flow_max, flow_tick) + flow_tick

  header()
  axes()
  equilibria()
  states("off", 3.4, "#d55e00")
  states("on", 1.7, "#0072b2")
  jump("collapse", "on", below["collapse"], collapse_overturning(), "#0072b2")
  jump("recovery", "off", above["recovery"], 0, "#d55e00")
  fold("collapse", collapse_overturning(), 14, -8, "start")
  fold("recovery", 0, -14, 24, "end")
  names(int(forcing_points * 0.05) + 1, int(forcing_points * 1.68))
  legend(right - 218, top + 12)
  print "</svg>"
}

function x(f) { return left + (f - forcing_first) / (forcing_last - forcing_first) * (right - left) }
function y(q) { return bottom - (q - flow_low) / (flow_high - flow_low) * (bottom - top) }

function header() {
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\"", width, height, width, height
  print " font-family=\"system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif\" font-size=\"14\" fill=\"#333\">"
  print "<title>Hysteresis of the Atlantic overturning circulation</title>"
  printf "<desc>Overturning against freshwater forcing in Stommel's two-box model: collapse at %.4f Sv, recovery at %.4f Sv.</desc>\n", analytic["collapse"], analytic["recovery"]
  print "<defs>"
  arrowhead("on", "#0072b2")
  arrowhead("off", "#d55e00")
  print "</defs>"
  print "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
  text(left, 38, "start", "Hysteresis of the Atlantic overturning circulation", "font-size=\"21\" font-weight=\"600\" fill=\"#111\"")
  text(left, 64, "start", "Stommel’s (1961) two-box model: " count " integrations to a steady state, from two initial circulations", "fill=\"#666\"")
}

function arrowhead(name, colour) {
  printf "<marker id=\"%s\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 1 L10 5 L0 9 z\" fill=\"%s\"/></marker>\n", name, colour
}

function axes(    f, q, middle) {
  printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#f6f4ee\"/>\n", x(analytic["recovery"]), top, x(analytic["collapse"]) - x(analytic["recovery"]), bottom - top
  middle = (x(analytic["recovery"]) + x(analytic["collapse"])) / 2
  text(middle, top + 20, "middle", "two stable states", "font-size=\"13\" fill=\"#8a7f66\"")
  for (f = forcing_first; f < forcing_last + forcing_tick / 2; f += forcing_tick) {
    line(x(f), top, x(f), bottom, "stroke=\"#e6e6e6\"")
    text(x(f), bottom + 22, "middle", sprintf("%g", f), "")
  }
  for (q = flow_low; q < flow_high + flow_tick / 2; q += flow_tick) {
    line(left, y(q), right, y(q), q * q < 1e-9 ? "stroke=\"#999\"" : "stroke=\"#e6e6e6\"")
    text(left - 12, y(q) + 5, "end", (q < 0 ? "−" : "") sprintf("%g", abs(q)), "")
  }
  text((left + right) / 2, bottom + 52, "middle", "Freshwater forcing F (Sv)", "font-size=\"15\" fill=\"#111\"")
  printf "<text transform=\"translate(30 %.1f) rotate(-90)\" text-anchor=\"middle\" font-size=\"15\" fill=\"#111\">Overturning q (Sv)</text>\n", (top + bottom) / 2
}

# The curve of equilibria in its three parts, clipped at the axes; what lies between the folds is unstable.
function equilibria() {
  curve(flow_low, 0, "")
  curve(0, collapse_overturning(), " stroke-dasharray=\"6 5\"")
  curve(collapse_overturning(), flow_high, "")
}

function curve(from, to, style,    i, q, f, pen) {
  printf "<path fill=\"none\" stroke=\"#222\" stroke-width=\"1.3\"%s d=\"", style
  pen = "M"
  for (i = 0; i <= 200; i++) {
    q = from + (to - from) * i / 200
    f = equilibrium(q)
    if (f < forcing_first || f > forcing_last) continue
    printf "%s%.1f %.1f", pen, x(f), y(q)
    pen = " L"
  }
  print "\"/>"
}

function states(of, radius, colour,    i) {
  printf "<g %s>\n", of == "on" ? "fill=\"" colour "\"" : "fill=\"none\" stroke=\"" colour "\""
  for (i = 1; i <= count; i++)
    if (branch[i] == of) circle(x(forcing[i]), y(flow[i]), radius, "")
  print "</g>"
}

# The arrow from the fold where a branch ends to the state that the circulation falls into.
function jump(threshold, of, forcing_there, from, colour,    to, gap) {
  to = landing(of, forcing_there)
  gap = to < from ? 9 : -9
  line(x(analytic[threshold]), y(from) + gap, x(analytic[threshold]), y(to) - gap, \
    sprintf("stroke=\"%s\" stroke-width=\"1.6\" marker-end=\"url(#%s)\"", colour, of))
}

function fold(threshold, q, dx, dy, anchor,    px, py) {
  px = x(analytic[threshold])
  py = y(q)
  circle(px, py, 6, "fill=\"#fff\" stroke=\"#111\" stroke-width=\"2\"")
  text(px + dx, py + dy, anchor, sprintf("%s at %.4f Sv", threshold, analytic[threshold]), "font-weight=\"600\" fill=\"#111\"")
  text(px + dx, py + dy + 18, anchor, sprintf("integrated: %.4f to %.4f", above[threshold], below[threshold]), "font-size=\"12.5\" fill=\"#666\"")
}

# Says beside one state of each branch what that branch is.
function names(on, off) {
  text(x(forcing[on]), y(flow[on]) - 14, "start", "“on”: cold water sinks at the pole", "font-size=\"13\" fill=\"#0072b2\"")
  text(x(forcing[off]), y(flow[off]) - 14, "start", "“off”: salt reverses the flow", "font-size=\"13\" fill=\"#b34e00\"")
}

function legend(px, py) {
  printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"206\" height=\"124\" rx=\"4\" fill=\"#fff\" stroke=\"#ddd\"/>\n", px, py
  circle(px + 26, py + 18, 2.6, "fill=\"#0072b2\"")
  circle(px + 26, py + 40, 3.6, "fill=\"none\" stroke=\"#d55e00\"")
  line(px + 10, py + 62, px + 42, py + 62, "stroke=\"#222\" stroke-width=\"1.3\"")
  line(px + 10, py + 84, px + 42, py + 84, "stroke=\"#222\" stroke-width=\"1.3\" stroke-dasharray=\"6 5\"")
  circle(px + 26, py + 106, 5, "fill=\"#fff\" stroke=\"#111\" stroke-width=\"1.8\"")
  text(px + 54, py + 22, "start", "integrated, started “on”", "font-size=\"12\"")
  text(px + 54, py + 44, "start", "integrated, started “off”", "font-size=\"12\"")
  text(px + 54, py + 66, "start", "analytic, stable", "font-size=\"12\"")
  text(px + 54, py + 88, "start", "analytic, unstable", "font-size=\"12\"")
  text(px + 54, py + 110, "start", "analytic, fold point", "font-size=\"12\"")
}

function circle(px, py, radius, style) {
  printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"%s/>\n", px, py, radius, (style == "" ? "" : " " style)
}

function line(x1, y1, x2, y2, style) {
  printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1, y1, x2, y2, style
}

function text(px, py, anchor, content, style) {
  printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n", px, py, anchor, (style == "" ? "" : " " style), content
}
