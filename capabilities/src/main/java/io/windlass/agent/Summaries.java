package io.windlass.agent;

import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ChosenModel;
import io.windlass.model.ModelAnswer;
import io.windlass.model.ModelFailure;
import io.windlass.model.ModelRequest;
import io.windlass.model.Models;
import io.windlass.model.NoModel;
import io.windlass.step.Effect;
import io.windlass.step.LogLevel;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes long variables short: by the small model, or by cutting where that fails. */
final class Summaries {
  /** What is shorter is left as it is. */
  static final int SHORT = 500;

  private static final int CUT = 1_000;

  /** More than the note has that tells of a cut. */
  private static final int NOTE = 100;

  private static final int TARGET = 800;
  private static final String MODEL = "haiku";
  private static final String OFFLINE = "offline";
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String MARK = "[Summary of ";
  private static final String CUT_MARK = "\n[cut from ";
  private final Models models;

  Summaries(Models models) {
    this.models = models;
  }

  /**
   * A shorter text, and what making it consumed.
   *
   * @param millis how long the model took; null when none made it, or it was not kept
   */
  record Shorter(String text, Usage usage, @Nullable Long millis) {}

  /** Whether making it shorter has been tried before. */
  static boolean isShortened(String text) {
    int last = text.lastIndexOf('\n');
    return text.startsWith(MARK) || (last >= 0 && text.startsWith(CUT_MARK, last));
  }

  /**
   * The text made shorter; what it became is journalled, a cut too.
   *
   * @param key the effect's
   * @param variable whose text it is, for logs and for the model
   */
  String shorter(StepContext context, String key, String variable, String text) throws Exception {
    Shorter made =
        context.once(
            Effect.repeatable(key, "summarise {" + variable + "}"),
            Shorter.class,
            Shorter::usage,
            () -> make(context, variable, text));
    return made.text();
  }

  private Shorter make(StepContext context, String variable, String text)
      throws InterruptedException {
    String why;
    Usage usage = Usage.NONE;
    boolean[] heard = {false};
    ChosenModel chosen = null;
    try {
      chosen = models.choose(MODEL);
      if (chosen.provider().equals(OFFLINE)) {
        why = NoModel.TOLD;
      } else {
        long began = System.nanoTime();
        ModelAnswer answer =
            chosen
                .calledBy(context)
                .ask(request(context, variable, text), piece -> heard[0] = true);
        usage = answer.usage();
        String summary = answer.text().strip();
        String marked = "%s%d characters] %s".formatted(MARK, text.length(), summary);
        if (!summary.isEmpty() && marked.length() < text.length()) {
          return new Shorter(
              marked, usage, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        }
        why = "the summary is " + (summary.isEmpty() ? "empty" : "no shorter than the text");
      }
    } catch (ModelFailure e) {
      usage = chosen == null ? usage : chosen.consumedBy(e, heard[0]);
      why = e.text();
    } catch (WindlassException e) {
      if (e.code().category() != ErrorCategory.UNAVAILABLE) {
        throw e;
      }
      why = e.text();
    }
    // What is hardly longer than the cut would not get shorter by it, and be asked about for ever.
    int kept = text.length() > CUT + NOTE ? CUT : text.length() / 2;
    context.log(
        LogLevel.WARN,
        "{%s} was cut to %d characters instead of summarised: %s".formatted(variable, kept, why));
    return new Shorter(cut(text, kept), usage, null);
  }

  private static ModelRequest request(StepContext context, String variable, String text) {
    return ModelRequest.of(
        context.stepId(),
        """
        Shorten the text below to at most %d characters. Keep facts, figures, names, decisions and open \
        questions; leave out repetition. Answer with the shortened text alone.

        Text of the variable "%s":
        %s\
        """
            .formatted(TARGET, variable, text),
        TIMEOUT);
  }

  /** The beginning of a text, and a note of how long it was. */
  static String cut(String text, int characters) {
    if (text.length() <= characters) {
      return text;
    }
    int end = characters;
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return "%s%s%d characters]".formatted(text.substring(0, end), CUT_MARK, text.length());
  }
}
