package io.windlass.chain;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Excerpt;
import io.windlass.text.JsPattern;
import io.windlass.text.JsonPath;
import io.windlass.text.JsonText;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One transform step: its operation applied to a variable or to its rendered prompt. */
final class Transform implements Step {
  private static final int DEFAULT_LIMIT = 5_000;
  private static final int MAX_OUTPUT = 8 << 20;
  private final ChainStep step;

  Transform(ChainStep step) {
    this.step = step;
  }

  @Override
  public StepOutcome run(StepContext context) throws InterruptedException {
    String result;
    try {
      result = apply(context.state());
      if (result.length() > MAX_OUTPUT) {
        return tooLong(result.length());
      }
    } catch (JsPattern.TooMuchWork e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while matching");
      }
      return failed(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return failed(String.valueOf(e.getMessage()));
    }
    if (!result.isEmpty()) {
      context.retell(result);
    }
    return StepOutcome.done(result);
  }

  private StepOutcome failed(String reason) {
    String operation = step.text("operation");
    return new StepOutcome.Failed(
        "Step \"%s\": %s failed: %s"
            .formatted(
                step.id(),
                TransformKind.isOperation(operation)
                    ? operation
                    : "passing the input through (there is no operation)",
                reason),
        false);
  }

  private StepOutcome tooLong(int length) {
    return failed(
        "the result has %d characters, the most is %d; truncate or filter its input first"
            .formatted(length, MAX_OUTPUT));
  }

  private String apply(State state) {
    String input = input(state);
    String template = step.text("template_str");
    boolean hasTemplate = step.fields().has("template_str");
    return switch (step.text("operation")) {
      case "json_extract" -> extract(input);
      case "regex_match" -> String.join("\n", regex().matches(input));
      case "template" -> hasTemplate ? Template.render(template, state) : input;
      case "split", "to_json" -> jsonLines(input);
      case "merge" -> merge(state);
      case "truncate" -> truncate(input);
      case "replace" -> replace(input, Template.render(template, state, Transform::literal));
      case "filter" -> filter(input);
      case "map" -> hasTemplate ? map(input, template, state) : input;
      case "join" -> join(input, hasTemplate ? Template.render(template, state) : "\n");
      case "from_json" -> fromJson(input);
      default -> input;
    };
  }

  private String input(State state) {
    String name = step.text("input_var");
    return !name.isEmpty() && state.has(name)
        ? state.text(name)
        : Template.render(step.prompt(), state);
  }

  private JsPattern regex() {
    String regex = step.text("regex");
    if (regex.isEmpty()) {
      throw new IllegalArgumentException("the field regex is missing");
    }
    return JsPattern.compile(regex);
  }

  private String extract(String input) {
    JsonNode tree = parse(input);
    if (tree == null) {
      return parseError(input);
    }
    JsonNode found = JsonPath.parse(step.text("json_path")).find(tree);
    return found == null ? "" : JsonText.rawOrIndented(found);
  }

  /** Models like to wrap JSON in a code fence; that is no reason to fail. */
  private static @Nullable JsonNode parse(String input) {
    JsonNode plain = tryJson(input);
    if (plain != null) {
      return plain;
    }
    int fence = input.indexOf("```");
    int start = fence < 0 ? -1 : input.indexOf('\n', fence);
    int end = start < 0 ? -1 : input.indexOf("```", start);
    return end < 0 ? null : tryJson(input.substring(start, end));
  }

  private static @Nullable JsonNode tryJson(String text) {
    if (text.isBlank()) {
      return null;
    }
    try {
      return Json.read(text);
    } catch (WindlassException e) {
      return null;
    }
  }

  private static String parseError(String input) {
    String reason = "the text is empty";
    if (!input.isBlank()) {
      try {
        Json.read(input);
      } catch (WindlassException e) {
        reason = e.text().lines().findFirst().orElse("").replaceFirst("^Invalid JSON: ", "");
      }
    }
    return "[JSON parse error: %s; the text begins: %s]"
        .formatted(reason, Excerpt.of(input.strip(), 120));
  }

  private String merge(State state) {
    List<String> values = new ArrayList<>();
    for (String name : step.inputs()) {
      values.add(Merge.value(name, state));
    }
    return Merge.ruled(values);
  }

  private String truncate(String input) {
    int limit =
        (int)
            Math.min(step.fields().path("truncate_limit").asLong(DEFAULT_LIMIT), Integer.MAX_VALUE);
    return input.length() <= limit
        ? input
        : "%s\n\n[… truncated from %d chars]".formatted(Excerpt.head(input, limit), input.length());
  }

  private String replace(String input, String replacement) {
    return regex().replaceAll(input, replacement, MAX_OUTPUT);
  }

  /** A variable's dollar signs are no group references. */
  private static String literal(String value) {
    return value.replace("$", "$$");
  }

  private String filter(String input) {
    JsPattern pattern = regex();
    return input.lines().filter(pattern::finds).collect(Collectors.joining("\n"));
  }

  private String map(String input, String template, State state) {
    List<String> lines = lines(input);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      Map<String, JsonNode> item = Map.of("item", Json.text(lines.get(i)), "index", Json.tree(i));
      out.append(i == 0 ? "" : "\n").append(rendered(template, item, state));
      if (out.length() > MAX_OUTPUT) {
        throw new IllegalArgumentException("the result passes %d characters".formatted(MAX_OUTPUT));
      }
    }
    return out.toString();
  }

  /** Looks into the item first, so that the whole state need not be copied for each line. */
  private static String rendered(String template, Map<String, JsonNode> item, State state) {
    UnaryOperator<String> plain = UnaryOperator.identity();
    return Template.fill(
        template,
        false,
        placeholder -> {
          JsonNode own = item.get(placeholder.first());
          return own == null ? Template.resolve(placeholder, state, plain) : Json.show(own);
        });
  }

  private static String join(String input, String separator) {
    JsonNode tree = parse(input);
    if (tree == null || !tree.isArray()) {
      return input;
    }
    return tree.values().stream()
        .map(JsonText::rawOrCompact)
        .collect(Collectors.joining(separator));
  }

  private static String fromJson(String input) {
    JsonNode tree = parse(input);
    if (tree == null) {
      return parseError(input);
    }
    if (tree.isArray()) {
      return join(input, "\n");
    }
    if (tree.isObject()) {
      return tree.properties().stream()
          .map(field -> field.getKey() + ": " + JsonText.rawOrCompact(field.getValue()))
          .collect(Collectors.joining("\n"));
    }
    return JsonText.rawOrCompact(tree);
  }

  private static String jsonLines(String input) {
    return Json.write(lines(input));
  }

  private static List<String> lines(String input) {
    return input.lines().filter(line -> !line.isBlank()).toList();
  }
}
