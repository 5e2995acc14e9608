package io.windlass.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A dry run in words. */
final class PlanText {
  private static final int SHORT = 240;
  private final StringBuilder text = new StringBuilder();

  private PlanText() {}

  static String of(JsonNode plan) {
    PlanText words = new PlanText();
    words.run(plan, "");
    words.calls(plan);
    words.lines("warning ", plan.path("warnings"));
    words.lines("problem ", plan.path("problems"));
    words.ending(plan);
    return words.text.toString();
  }

  private void run(JsonNode run, String indent) {
    Map<String, JsonNode> steps = new HashMap<>();
    run.path("steps").forEach(step -> steps.put(Documents.text(step, "id"), step));
    int number = 1;
    for (JsonNode wave : run.path("waves")) {
      text.append(indent).append("wave ").append(number++).append('\n');
      for (JsonNode id : wave) {
        JsonNode step = steps.get(Documents.show(id));
        if (step != null) {
          step(step, indent + "  ");
        }
      }
    }
  }

  private void step(JsonNode step, String indent) {
    String reason = Documents.text(step, "reason");
    String status = Documents.text(step, "status").replace('_', ' ');
    text.append(indent)
        .append(Documents.text(step, "id"))
        .append("  [")
        .append(Documents.text(step, "type"))
        .append("]  ")
        .append(status);
    if (!reason.isEmpty()) {
      text.append(": ").append(Wording.line(reason, SHORT));
    }
    if (step.path("attempts").asInt(0) > 1) {
      text.append(", ").append(Wording.plural(step.path("attempts").asInt(0), "attempt"));
    }
    text.append('\n');
    for (JsonNode note : step.path("notes")) {
      detail(indent, Documents.show(note));
    }
    String model = Documents.text(step, "model");
    if (!model.isEmpty()) {
      detail(indent, model + ", " + figures(step));
      detail(indent, "asked: " + Documents.text(step, "prompt"));
    }
    for (JsonNode child : step.path("runs")) {
      detail(
          indent,
          "runs the %s %s".formatted(Documents.text(child, "kind"), Documents.text(child, "name")));
      run(child, indent + "    ");
    }
  }

  private void detail(String indent, String line) {
    text.append(indent).append("    ").append(Wording.line(line, SHORT)).append('\n');
  }

  private void calls(JsonNode plan) {
    JsonNode calls = plan.path("calls");
    if (calls.isEmpty()) {
      text.append("calls   none to a model\n");
    }
    for (JsonNode call : calls) {
      String asked = Documents.text(call, "asked");
      String model = Documents.text(call, "model");
      text.append("calls   ").append(Documents.text(call, "calls")).append(" × ").append(model);
      if (!asked.isEmpty() && !model.endsWith(asked)) {
        text.append(" for ").append(asked);
      }
      text.append(", ").append(figures(call)).append('\n');
    }
    JsonNode cost = plan.path("cost_usd");
    text.append("cost    ");
    if (!cost.isNumber()) {
      text.append("unknown: a price is not known (docs/models.md tells how to give it)\n");
    } else if (cost.decimalValue().signum() == 0) {
      text.append("nothing\n");
    } else {
      text.append("about ").append(dollars(cost));
      text.append(", estimated with prices of ").append(Documents.text(plan, "prices_as_of"));
      text.append('\n');
    }
  }

  private static String figures(JsonNode used) {
    JsonNode cost = used.path("cost_usd");
    return "about %s + %s tokens, %s"
        .formatted(
            Documents.text(used, "input_tokens"),
            Documents.text(used, "output_tokens"),
            cost.isNumber() ? dollars(cost) : "cost unknown");
  }

  private static String dollars(JsonNode cost) {
    BigDecimal rounded = cost.decimalValue().round(new MathContext(3)).stripTrailingZeros();
    return "$" + (rounded.signum() == 0 ? "0" : rounded.toPlainString());
  }

  private void lines(String before, JsonNode lines) {
    for (JsonNode line : lines) {
      text.append(before).append(Wording.line(Documents.show(line), 500)).append('\n');
    }
  }

  private void ending(JsonNode plan) {
    String early = Documents.text(plan, "ended_early");
    String error = Documents.text(plan, "error");
    text.append(
        switch (Documents.text(plan, "status")) {
          case "succeeded" -> early.isEmpty() ? "would succeed" : "would end early at " + early;
          case "invalid" -> "cannot run";
          default -> "would fail: " + Wording.line(error, 500);
        });
    text.append('\n');
  }
}
