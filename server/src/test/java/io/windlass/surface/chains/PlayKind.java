package io.windlass.surface.chains;

import io.windlass.kernel.Json;
import io.windlass.step.LogLevel;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.node.ObjectNode;

/**
 * An agent whose prompt says what it does: {@code say <text>} speaks word by word, {@code hold
 * <name> <text>} speaks and waits for the test, {@code then-hold <name> <text>} speaks and does so
 * from its second run on, {@code fail-once <name>} fails at its first attempt, {@code break-off
 * <name> <text>} does so after all but the last word, {@code again <step>} has another step run
 * again.
 */
final class PlayKind implements StepKind {
  private final ConcurrentHashMap<String, CountDownLatch> holds = new ConcurrentHashMap<>();
  private final Set<String> failed = ConcurrentHashMap.newKeySet();
  private final Set<String> ran = ConcurrentHashMap.newKeySet();

  @Override
  public String name() {
    return "agent";
  }

  void release(String name) {
    hold(name).countDown();
  }

  @Override
  public Step bind(ObjectNode fields) {
    String prompt = Json.show(fields.get("prompt"));
    return context -> play(context, Template.render(prompt, context.state()));
  }

  private StepOutcome play(StepContext context, String prompt) throws InterruptedException {
    String[] words = prompt.split(" ", 3);
    return switch (words[0]) {
      case "say" -> StepOutcome.done(say(context, prompt.substring(4)));
      case "hold" -> {
        String text = say(context, words[2]);
        hold(words[1]).await();
        yield StepOutcome.done(text);
      }
      case "then-hold" -> {
        String text = say(context, words[2]);
        if (!ran.add(words[1])) {
          hold(words[1]).await();
        }
        yield StepOutcome.done(text);
      }
      case "again" ->
          context.ranAgain("again")
              ? StepOutcome.done("judged")
              : new StepOutcome.RunAgain("again", words[1], Map.of(), "none:");
      case "break-off" -> {
        if (failed.add(words[1])) {
          say(context, words[2].substring(0, words[2].lastIndexOf(' ')));
          yield new StepOutcome.Failed("broken off", true);
        }
        yield StepOutcome.done(say(context, words[2].toUpperCase(Locale.ROOT)));
      }
      case "fail-once" ->
          failed.add(words[1])
              ? new StepOutcome.Failed("not yet", false)
              : StepOutcome.done("at last");
      default -> new StepOutcome.Failed("cannot play " + prompt, false);
    };
  }

  private static String say(StepContext context, String text) {
    context.log(LogLevel.INFO, "speaking");
    for (String word : text.splitWithDelimiters(" ", 0)) {
      context.output(word);
    }
    return text;
  }

  private CountDownLatch hold(String name) {
    return holds.computeIfAbsent(name, _ -> new CountDownLatch(1));
  }
}
