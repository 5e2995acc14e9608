package io.windlass.cli;

/** Named values below each other; empty ones are left out. */
final class Fields {
  private static final int LONGEST = 1000;
  private final StringBuilder text = new StringBuilder();
  private final int width;

  /**
   * @param width of the column of names, in characters
   */
  Fields(int width) {
    this.width = width;
  }

  void add(String name, String value) {
    if (!value.isEmpty()) {
      text.append(name).repeat(' ', Math.max(1, width - name.length()));
      text.append(Wording.line(value, LONGEST)).append('\n');
    }
  }

  String text() {
    return text.toString();
  }
}
