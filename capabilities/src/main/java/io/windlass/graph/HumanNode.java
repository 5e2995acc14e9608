package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.step.Answer;
import io.windlass.step.Question;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A {@code human_node}: asks a person and holds nothing until the answer comes; its result is the
 * option taken.
 *
 * @param comment the channel that takes what the person wrote; empty for none
 */
record HumanNode(
    String question, List<String> options, @Nullable Duration time, String onExpiry, String comment)
    implements Step {
  private static final String KEY = "human";
  static final List<String> STANDARD = List.of(Question.APPROVE, Question.REJECT);

  static HumanNode of(NodeSpec node, Reach reach) {
    double seconds = node.fields().path("expires_after").asDouble(0);
    return new HumanNode(
        reach.text(node.text("question")),
        options(node),
        seconds <= 0 ? null : Duration.ofMillis(NodeSpec.millis(seconds)),
        node.text("on_expiry"),
        node.text("comment"));
  }

  static List<String> options(NodeSpec node) {
    List<String> own = node.texts("options");
    return own.isEmpty() ? STANDARD : own;
  }

  @Override
  public StepOutcome run(StepContext context) {
    Optional<Answer> answer = context.answer(KEY);
    if (answer.isEmpty()) {
      return new StepOutcome.Ask(
          KEY,
          new Question(
              "human",
              Template.render(question, context.state()),
              options,
              time,
              onExpiry.isEmpty() ? null : onExpiry));
    }
    String choice = answer.get().choice();
    if (choice == null) {
      return new StepOutcome.Failed(
          "Nobody answered within %d s; answer sooner, raise expires_after or set on_expiry"
              .formatted(time == null ? 0 : time.toSeconds()),
          false);
    }
    String reason = answer.get().reason();
    Map<String, JsonNode> set =
        comment.isEmpty() ? Map.of() : Map.of(comment, Json.text(reason == null ? "" : reason));
    return new StepOutcome.Done(Json.text(choice), set, Set.of());
  }
}
