package io.windlass.text;

/** How a step that is run again learns what was wrong with its work. */
public final class Feedback {
  /** The variable that holds the judgement; only the step that is run again sees it. */
  public static final String VARIABLE = "__feedback";

  private Feedback() {}

  /** The prompt template with a place for the judgement behind it. */
  public static String appendedTo(String prompt) {
    return prompt
        + "\n\nYour previous answer was evaluated and did not pass. The evaluation:\n{"
        + VARIABLE
        + "}\n\nWrite a new answer that does what the evaluation asks for.";
  }
}
