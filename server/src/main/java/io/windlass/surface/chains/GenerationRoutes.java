package io.windlass.surface.chains;

import io.javalin.http.Context;
import io.windlass.generation.ChainGenerator;
import io.windlass.generation.Generation;
import io.windlass.http.Caller;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.http.Sse;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Having a model write a chain, with the answer in one piece or as a stream. */
final class GenerationRoutes {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int REMEMBERED = 100;

  private final ChainGenerator generator;

  /** The latest rounds of this node by session, for streams that come later. */
  private final Map<String, GenerationRun> runs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, GenerationRun> eldest) {
          return size() > REMEMBERED;
        }
      };

  GenerationRoutes(ChainGenerator generator) {
    this.generator = generator;
  }

  void declare(Routes routes) {
    routes
        .post("/generate-chain", this::generate)
        .post("/generate-chain/stream", this::stream)
        .get("/generate-chain/stream/{sessionId}", this::follow);
  }

  private void generate(Context context) throws InterruptedException {
    context.json(body(start(context).await()));
  }

  private void stream(Context context) throws IOException, InterruptedException {
    GenerationRun run = start(context);
    tell(Sse.open(context), run);
  }

  private void follow(Context context) throws IOException, InterruptedException {
    String session = context.pathParam("sessionId");
    GenerationRun run = running(session);
    Optional<Generation> outcome = run == null ? generator.outcome(session) : Optional.empty();
    Sse sse = Sse.open(context);
    if (run == null && outcome.isEmpty()) {
      send(
          sse,
          GenerationRun.frame("error")
              .put("error", "There is no generation session \"" + session + "\" under way"));
      return;
    }
    send(sse, GenerationRun.frame("connected").put("sessionId", session));
    if (run != null) {
      tell(sse, run);
    } else {
      send(sse, GenerationRun.told(outcome.orElseThrow()));
      send(sse, GenerationRun.frame("done"));
    }
  }

  private static void tell(Sse sse, GenerationRun run) throws IOException, InterruptedException {
    int told = 0;
    for (List<ObjectNode> more = run.after(0, HEARTBEAT);
        more != null;
        more = run.after(told, HEARTBEAT)) {
      if (more.isEmpty()) {
        sse.comment("heartbeat");
      }
      for (ObjectNode frame : more) {
        send(sse, frame);
      }
      told += more.size();
    }
  }

  /** Under its name, for clients that listen by name, and with its type, for those that do not. */
  private static void send(Sse sse, ObjectNode frame) throws IOException {
    sse.send(Json.show(frame.get("type")), frame.toString(), null);
  }

  private GenerationRun start(Context context) {
    ObjectNode body = RequestBody.object(context);
    String description = Fields.text(body, "description");
    String session = Fields.text(body, "sessionId");
    String answers = answers(body.get("answers"));
    if (description == null && answers == null) {
      throw WindlassException.invalid(
          "description or answers is required: send {\"description\": \"…\"}, or the answers to a session's questions as {\"sessionId\": \"…\", \"answers\": \"…\"}");
    }
    if (answers != null && session == null) {
      throw WindlassException.invalid(
          "sessionId is required with answers: it came with the questions");
    }
    String user = Caller.of(context).user();
    var conversation =
        answers != null && session != null
            ? generator.answer(session, answers, user)
            : generator.begin(Objects.requireNonNull(description), user);
    synchronized (runs) {
      GenerationRun before = runs.get(conversation.session());
      if (before != null && !before.isOver()) {
        throw new WindlassException(
            ErrorCode.WRONG_STATE,
            "Session \"%s\" is at work already: follow it at /generate-chain/stream/%s"
                .formatted(conversation.session(), conversation.session()));
      }
      GenerationRun run = GenerationRun.start(conversation);
      runs.put(conversation.session(), run);
      return run;
    }
  }

  private @Nullable GenerationRun running(String session) {
    synchronized (runs) {
      return runs.get(session);
    }
  }

  /** One text, a list of texts, or a map of questions and texts. */
  private static @Nullable String answers(@Nullable JsonNode given) {
    if (given == null || given.isNull()) {
      return null;
    }
    StringBuilder all = new StringBuilder();
    if (given.isObject()) {
      given
          .properties()
          .forEach(e ->
              all.append(e.getKey()).append(": ").append(Json.show(e.getValue())).append('\n'));
    } else if (given.isArray()) {
      int number = 1;
      for (JsonNode one : given) {
        all.append(number++).append(". ").append(Json.show(one)).append('\n');
      }
    } else {
      all.append(Json.show(given));
    }
    return all.toString();
  }

  static ObjectNode body(Generation generation) {
    ObjectNode body = Json.object();
    switch (generation) {
      case Generation.Questions questions -> {
        body.put("status", "questions").put("sessionId", questions.session());
        ArrayNode list = body.putArray("questions");
        questions.questions().forEach(list::add);
        body.put("message", "Send the answers with this sessionId within 10 minutes");
      }
      case Generation.Created created ->
          body.put("status", "created")
              .put("sessionId", created.session())
              .put("chainName", created.chain())
              .put("yaml", created.yaml())
              .put("summary", created.summary());
    }
    return body;
  }
}
