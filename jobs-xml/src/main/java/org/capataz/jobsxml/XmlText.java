package org.capataz.jobsxml;

import java.util.Map;

/// The text of an XML file that is being written.
///
/// By hand and not with the JDK's writer, which neither indents nor refuses characters that XML
/// cannot hold, and lets line breaks in attributes turn into blanks.
final class XmlText {

  private final boolean hpcPack;
  private final StringBuilder out = new StringBuilder();
  private int depth;
  private String place;

  /// @param place what is written first, for refusals
  XmlText(JobFileForm form, String place) {
    this.hpcPack = form == JobFileForm.HPC_PACK;
    this.place = place;
    out.append(hpcPack ? "\uFEFF" : "");
    line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
  }

  /// What is being written, for refusals.
  String place() {
    return place;
  }

  /// Says what is written from now on.
  void at(String part) {
    place = part;
  }

  /// All that was written.
  @Override
  public String toString() {
    return out.toString();
  }

  /// An element with what its children write.
  void element(String name, Map<String, String> attributes, Runnable children) {
    indent().append('<').append(name);
    attributes.forEach(
        (attribute, value) ->
            out.append(' ').append(attribute).append("=\"").append(escaped(value)).append('"'));
    var start = out.length();
    out.append('>');
    endLine();
    var inside = out.length();
    depth++;
    children.run();
    depth--;
    if (out.length() == inside) {
      out.setLength(start);
      out.append(hpcPack ? " />" : "/>");
      endLine();
    } else {
      line("</" + name + ">");
    }
  }

  /// An element with text. Blanks around it are lost unless the file says that they are meant.
  void text(String element, String text) {
    var meant = text.equals(text.strip()) ? "" : " xml:space=\"preserve\"";
    line("<" + element + meant + ">" + escaped(text) + "</" + element + ">");
  }

  private void line(String markup) {
    indent().append(markup);
    endLine();
  }

  private StringBuilder indent() {
    return out.repeat("  ", depth);
  }

  private void endLine() {
    out.append(hpcPack ? "\r\n" : "\n");
  }

  private String escaped(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\t', '\n', '\r' -> escaped.append("&#").append(c).append(';');
                default -> escaped.appendCodePoint(allowed(c));
              }
            });
    return escaped.toString();
  }

  private int allowed(int c) {
    if (c < ' '
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
        || c == 0xFFFE
        || c == 0xFFFF) {
      throw new Refusing(
          place, "expected characters that XML can hold, but got " + String.format("U+%04X", c));
    }
    return c;
  }
}
