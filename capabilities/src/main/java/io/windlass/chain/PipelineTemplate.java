package io.windlass.chain;

import io.windlass.step.State;
import io.windlass.text.Placeholder;
import io.windlass.text.Template;
import org.jspecify.annotations.Nullable;

/**
 * The placeholders of pipelines: {@code {input.x}} (empty when it was not given), {@code {input}}
 * (all inputs as JSON), {@code {reference}} and {@code {reference.result}}, and an input's bare
 * name. What is unknown stays as it is.
 */
final class PipelineTemplate {
  static final String ALL_INPUTS = "input";

  private PipelineTemplate() {}

  static String render(String text, State state) {
    return Template.fill(text, true, placeholder -> value(placeholder, state));
  }

  private static @Nullable String value(Placeholder placeholder, State state) {
    String value = known(placeholder, state);
    boolean missing = value == null || (value.isEmpty() && !state.has(placeholder.name()));
    return missing && !placeholder.fallback().isEmpty() ? placeholder.fallback() : value;
  }

  private static @Nullable String known(Placeholder placeholder, State state) {
    String second = placeholder.second();
    if (placeholder.first().equals(ALL_INPUTS) && !second.isEmpty()) {
      return state.text(placeholder.name());
    }
    boolean wholeOrResult = second.isEmpty() || second.equals("result");
    return wholeOrResult && state.has(placeholder.first()) ? state.text(placeholder.first()) : null;
  }
}
