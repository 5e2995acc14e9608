package io.windlass.text;

import java.util.List;

/** A piece of a parsed {@link Handlebars} template. */
sealed interface HandlebarsNode {
  record Literal(String text) implements HandlebarsNode {}

  record Value(String path) implements HandlebarsNode {}

  record If(String path, boolean negated, List<HandlebarsNode> then, List<HandlebarsNode> otherwise)
      implements HandlebarsNode {}

  record Each(String path, List<HandlebarsNode> body, List<HandlebarsNode> otherwise)
      implements HandlebarsNode {}
}
