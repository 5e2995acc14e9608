package io.windlass.agent;

import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One debate step: all agents answer at once, round by round, each seeing what the others answered
 * in the round before; then one more call decides, or the last answers are the result.
 */
final class DebateStep implements Step {
  private static final int MOST_AGENTS = 20;
  private static final int MOST_ROUNDS = 20;

  private final String prompt;
  private final List<Agent> agents = new ArrayList<>();
  private final int rounds;
  private final String decision;
  private final Prompting deciding;

  private record Agent(String prompt, Prompting prompting) {}

  DebateStep(ObjectNode fields, Prompting answering, Prompting deciding) {
    this.prompt = Json.show(fields.get("prompt"));
    for (JsonNode agent : fields.path("debate_agents")) {
      agents.add(
          new Agent(Json.show(agent.get("prompt")), answering.to(Json.show(agent.get("model")))));
    }
    this.rounds = Math.clamp(fields.path("debate_rounds").asLong(1), 1, MOST_ROUNDS);
    this.decision = Json.show(fields.get("debate_decision"));
    this.deciding = deciding;
  }

  static void faults(ObjectNode fields, List<String> faults) {
    int agents = fields.path("debate_agents").size();
    if (agents == 0) {
      faults.add("debate_agents: a debate needs agents: a list of {prompt, model}");
    }
    if (agents > MOST_AGENTS) {
      faults.add("debate_agents: at most " + MOST_AGENTS);
    }
    if (fields.path("debate_rounds").asLong(1) > MOST_ROUNDS) {
      faults.add("debate_rounds: at most " + MOST_ROUNDS);
    }
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    if (agents.isEmpty() || agents.size() > MOST_AGENTS) {
      return new StepOutcome.Failed(
          "A debate needs debate_agents: a list of 1 to %d times {prompt, model}"
              .formatted(MOST_AGENTS),
          false);
    }
    String question = Template.render(prompt, context.state());
    try {
      List<String> answers = List.of();
      for (int round = 1; round <= rounds; round++) {
        answers = round(context, round, question, answers);
      }
      String result =
          decision.equals("last_round") ? headed(answers, -1) : decided(context, question, answers);
      deciding.check(context, result);
      return StepOutcome.done(result);
    } catch (Asking.Unanswered e) {
      return Prompting.failed(e);
    }
  }

  private List<String> round(StepContext context, int round, String question, List<String> before)
      throws Exception {
    try (Fork<String> fork = Fork.open("debate")) {
      for (int place = 0; place < agents.size(); place++) {
        int number = place;
        fork.fork(() -> answer(context, round, number, question, before));
      }
      return fork.join();
    }
  }

  private String answer(
      StepContext context, int round, int place, String question, List<String> before)
      throws Exception {
    Agent agent = agents.get(place);
    String name = "Agent" + (place + 1);
    return agent
        .prompting()
        .ask(
            context,
            "round%d:agent%d".formatted(round, place + 1),
            said(agent, place, question, before, context.state()),
            piece -> context.output("[" + name + "] " + piece));
  }

  private static String said(
      Agent agent, int place, String question, List<String> before, State state) {
    String own = Template.render(agent.prompt(), state);
    StringBuilder text = new StringBuilder(own.isBlank() ? question : own + "\n\n" + question);
    if (before.size() > 1) {
      text.append("\n\nThe other agents answered in the round before:\n\n")
          .append(headed(before, place));
    }
    if (!before.isEmpty()) {
      text.append("\n\nYour own answer in the round before:\n\n")
          .append(before.get(place))
          .append("\n\nAnswer again: keep what is right, and correct what is not.");
    }
    return text.toString();
  }

  private String decided(StepContext context, String question, List<String> answers)
      throws Exception {
    String how =
        decision.equals("consensus")
            ? "Write the answer on which they can all agree: keep what they share, settle what they differ in."
            : "Vote: choose the answer that is best supported by the arguments, and give that answer.";
    String text =
        "%d agents debated this question:\n\n%s\n\nTheir last answers:\n\n%s\n\n%s"
            .formatted(agents.size(), question, headed(answers, -1), how);
    return deciding.askForOutput(context, "decision", text);
  }

  /** Each answer under its agent's heading, but for one. */
  private static String headed(List<String> answers, int without) {
    List<String> parts = new ArrayList<>();
    for (int place = 0; place < answers.size(); place++) {
      if (place != without) {
        parts.add("## Agent %d\n\n%s".formatted(place + 1, answers.get(place)));
      }
    }
    return String.join("\n\n", parts);
  }
}
