package io.windlass.chain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a value in a document may look like. */
public sealed interface Shape {
  /** A text, or any scalar whose text is meant, as in {@code version: 1.0}. */
  record Text(int minLength, boolean anyScalar) implements Shape {}

  /** A text, or a structure that is taken as its JSON text. */
  record TextOrJson() implements Shape {}

  record OneOf(List<String> choices) implements Shape {}

  /** A text of a form; what it is expected to be stands in words. */
  record Formed(Pattern form, String expected) implements Shape {}

  record Number(double min, boolean whole) implements Shape {}

  record Flag() implements Shape {}

  record ListOf(Shape element) implements Shape {}

  record MapOf(Shape value) implements Shape {}

  /** Whichever of these fits; the last one's faults are told when none does. */
  record Either(Shape first, Shape second, String expected) implements Shape {}

  record Anything() implements Shape {}

  /**
   * An object with known fields.
   *
   * @param open whether other fields are part of the format, as a pre-tool's parameters are
   */
  record Fields(Map<String, Field> fields, boolean open) implements Shape {}

  record Field(Shape shape, boolean required) {}

  Shape STRICT_TEXT = new Text(0, false);
  Shape FILLED_TEXT = new Text(1, false);
  Shape TEXT = new Text(0, true);
  Shape FLAG = new Flag();
  Shape ANYTHING = new Anything();
  Shape TEXTS = new ListOf(STRICT_TEXT);
  Shape COUNT = new Number(0, true);
  Shape AMOUNT = new Number(0, false);

  static Shape oneOf(String... choices) {
    return new OneOf(List.of(choices));
  }

  static Builder fields() {
    return new Builder();
  }

  /** Collects the fields of one object. */
  final class Builder {
    private final Map<String, Field> fields = new LinkedHashMap<>();

    public Builder required(String name, Shape shape) {
      fields.put(name, new Field(shape, true));
      return this;
    }

    public Builder optional(Shape shape, String... names) {
      for (String name : names) {
        fields.put(name, new Field(shape, false));
      }
      return this;
    }

    public Fields closed() {
      return new Fields(fields, false);
    }

    public Fields open() {
      return new Fields(fields, true);
    }
  }
}
