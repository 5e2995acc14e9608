package io.windlass.generation;

import io.windlass.definition.Definitions;
import io.windlass.definition.Finding;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Ids;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ChosenModel;
import io.windlass.model.LanguageModel;
import io.windlass.model.Message;
import io.windlass.model.ModelAnswer;
import io.windlass.model.ModelFailure;
import io.windlass.model.ModelRequest;
import io.windlass.model.Models;
import io.windlass.model.NoModel;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Has a model write chains: it may ask back first, what it wrote is checked and given back with its
 * faults at most three times, and a sound chain is saved.
 */
public final class ChainGenerator {
  private static final String KIND = "chain";
  private static final int REPAIRS = 3;
  private static final Duration LONGEST_CALL = Duration.ofMinutes(3);
  private static final int LONGEST_TEXT = 50_000;
  private static final int LONGEST_SUMMARY = 500;

  private final Models models;
  private final Definitions definitions;
  private final GenerationStore sessions;
  private final Ids ids;
  private final String guide;

  public ChainGenerator(Models models, Definitions definitions, GenerationStore sessions, Ids ids) {
    this.models = models;
    this.definitions = definitions;
    this.sessions = sessions;
    this.ids = ids;
    this.guide = Guide.read();
  }

  /**
   * Opens a session.
   *
   * @param user for whom models are called
   * @throws WindlassException INVALID_INPUT for an empty or far too long description,
   *     NOT_CONFIGURED when there is no language model, naming what to set
   */
  public Conversation begin(String description, String user) {
    var session = new GenerationSession("gen-" + ids.next(), List.of());
    return conversation(
        session.said(false, Guide.description(checked(description, "description"))), user);
  }

  /**
   * Goes on with a session that asked.
   *
   * @throws WindlassException NOT_FOUND when the session is unknown, over or expired
   */
  public Conversation answer(String session, String answers, String user) {
    GenerationSession waiting =
        sessions
            .waiting(session)
            .orElseThrow(() ->
                WindlassException.notFound(
                    ErrorCode.NOT_FOUND,
                    "There is no generation session \"%s\" that waits for answers; they expire after %d minutes: send the description again"
                        .formatted(session, GenerationStore.KEPT.toMinutes())));
    return conversation(waiting.said(false, Guide.answers(checked(answers, "answers"))), user);
  }

  /** What a session that is over came to; it is remembered as long as one that waits. */
  public java.util.Optional<Generation> outcome(String session) {
    return sessions.outcome(session).map(Generation.class::cast);
  }

  private static String checked(String text, String what) {
    if (text.isBlank()) {
      throw WindlassException.invalid("%s is empty: say what the chain is to do".formatted(what));
    }
    if (text.length() > LONGEST_TEXT) {
      throw WindlassException.invalid(
          "%s has %d characters; at most %d are taken"
              .formatted(what, text.length(), LONGEST_TEXT));
    }
    return text.strip();
  }

  private Conversation conversation(GenerationSession session, String user) {
    ChosenModel chosen = models.choose(null);
    if (chosen.provider().equals("offline")) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED, "Generating chains needs a language model: " + NoModel.REMEDY);
    }
    return new Conversation(session, chosen.calledBy(user));
  }

  /** One round, ready to be run. */
  public final class Conversation {
    private final LanguageModel model;
    private GenerationSession session;

    private Conversation(GenerationSession session, LanguageModel model) {
      this.session = session;
      this.model = model;
    }

    public String session() {
      return session.id();
    }

    /**
     * Runs the round and blocks until it is over.
     *
     * @throws ModelFailure when the model gives no answer
     * @throws WindlassException MODEL_FAILED when what it writes stays unsound
     */
    public Generation run(GenerationListener listener) throws InterruptedException {
      for (int round = 0; ; round++) {
        listener.progress(
            round == 0 ? "Asking the model" : "Repair %d of %d".formatted(round, REPAIRS));
        String text = ask(listener);
        switch (Reply.of(text)) {
          case Reply.Asks asks -> {
            sessions.save(session);
            return new Generation.Questions(session.id(), asks.questions());
          }
          case Reply.Writes writes -> {
            String name = ChainName.of(writes.yaml());
            List<Finding> faults =
                definitions.kind(KIND).lint(name, writes.yaml()).stream()
                    .filter(Finding::error)
                    .toList();
            if (faults.isEmpty()) {
              return save(name, writes, listener);
            }
            String told = faults.stream().map(Finding::toString).collect(Collectors.joining("\n"));
            listener.progress("The chain has faults:\n" + told);
            goOn(round, told);
          }
          case Reply.Strays _ ->
              goOn(round, "answer: there is neither a YAML document nor a list of questions in it");
        }
      }
    }

    private String ask(GenerationListener listener) throws InterruptedException {
      List<Message> messages =
          session.turns().stream()
              .map(
                  turn -> turn.model() ? Message.assistant(turn.text()) : Message.user(turn.text()))
              .toList();
      ModelAnswer answer =
          model.ask(
              new ModelRequest("generate-chain", guide, messages, LONGEST_CALL, false, List.of()),
              listener::text);
      session = session.said(true, answer.text());
      return answer.text();
    }

    private void goOn(int round, String faults) {
      if (round >= REPAIRS) {
        throw new WindlassException(
            ErrorCode.MODEL_FAILED,
            "The model's chain still has faults after %d repairs. Describe it in smaller steps, or configure a stronger model. The last faults:\n%s"
                .formatted(REPAIRS, faults));
      }
      session = session.said(false, Guide.faults(faults));
    }

    private Generation save(String name, Reply.Writes writes, GenerationListener listener) {
      String free = name;
      for (int i = 2; definitions.find(KIND, free).isPresent(); i++) {
        free = name + "-" + i;
      }
      definitions.save(KIND, free, writes.yaml());
      listener.progress("Saved as " + free);
      String words = writes.words();
      String summary =
          words.isEmpty()
              ? "Chain " + free
              : words.substring(0, Math.min(words.length(), LONGEST_SUMMARY));
      var created = new Generation.Created(session.id(), free, writes.yaml(), summary);
      sessions.end(session, created);
      return created;
    }
  }
}
