package io.windlass.surface.compute;

import io.socket.socketio.server.SocketIoSocket;
import io.socket.socketio.server.SocketIoSocket.ReceivedByLocalAcknowledgementCallback;
import io.windlass.approval.Approval;
import io.windlass.execution.Execution;
import io.windlass.http.Caller;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One connected client: the executions that it follows and the answers that it gives. */
final class SocketSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketSession.class);
  private static final int MOST_FOLLOWED = 50;
  private static final int LONGEST = 20_000;

  private final SocketIoSocket socket;
  private final EventSources sources;
  private final Caller caller;
  private final SocketOutlet outlet;
  private final Pace pace = new Pace();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, EventFollower> followed = new HashMap<>();
  private boolean closed;

  SocketSession(SocketIoSocket socket, EventSources sources, Caller caller) {
    this.socket = socket;
    this.sources = sources;
    this.caller = caller;
    this.outlet = new SocketOutlet(socket);
  }

  void listen() {
    on("join_execution", this::join);
    on("leave_execution", this::leave);
    on("submit_response", this::respond);
  }

  private void on(String event, Consumer<ObjectNode> action) {
    socket.on(
        event,
        args -> {
          if (!pace.allows()) {
            LOG.debug("a socket sends too much; it is disconnected");
            socket.getClient().getConnection().close();
            return;
          }
          ObjectNode answer = answer(action, args);
          if (args.length > 0
              && args[args.length - 1] instanceof ReceivedByLocalAcknowledgementCallback ack) {
            ack.sendAcknowledgement(SocketOutlet.shown(answer));
          }
        });
  }

  /** What goes back to a client that asks for an acknowledgement; errors go as an event, too. */
  private ObjectNode answer(Consumer<ObjectNode> action, Object[] args) {
    try {
      action.accept(data(args));
      return Json.object().put("ok", true);
    } catch (WindlassException e) {
      ObjectNode error = ErrorJson.of(e);
      outlet.offer("error", error);
      ObjectNode answer = Json.object().put("ok", false);
      answer.set("error", error);
      return answer;
    } catch (RuntimeException e) {
      LOG.error("a socket's request failed unexpectedly", e);
      return Json.object().put("ok", false);
    }
  }

  private static ObjectNode data(Object[] args) {
    if (args.length > 0 && args[0] instanceof JSONObject given) {
      String text = given.toString();
      if (text.length() > LONGEST) {
        throw new WindlassException(
            ErrorCode.TOO_LARGE, "An event may have %d characters".formatted(LONGEST));
      }
      try {
        if (Json.MAPPER.readTree(text) instanceof ObjectNode object) {
          return object;
        }
      } catch (JacksonException e) {
        throw new WindlassException(ErrorCode.INVALID_INPUT, "The event's data is no JSON", e);
      }
    }
    throw WindlassException.invalid("The event must carry an object, as {\"execution_id\": \"…\"}");
  }

  private void join(ObjectNode data) {
    String id = Fields.required(data, "execution_id");
    Execution execution = find(id);
    var follower =
        new EventFollower(
            sources,
            execution.id(),
            new EventViewer() {
              @Override
              public void show(ComputeEvent event) throws IOException {
                outlet.send(event.name(), event.data());
              }

              @Override
              public void idle() throws IOException {
                outlet.check();
              }
            });
    lock.lock();
    try {
      if (closed || followed.containsKey(execution.publicId())) {
        return;
      }
      if (followed.size() >= MOST_FOLLOWED) {
        throw new WindlassException(
            ErrorCode.RATE_LIMITED,
            "A socket may follow %d executions: leave one first".formatted(MOST_FOLLOWED));
      }
      followed.put(execution.publicId(), follower);
    } finally {
      lock.unlock();
    }
    outlet.offer(
        "connected",
        Json.object()
            .put("execution_id", execution.publicId())
            .put("status", sources.status().apply(execution)));
    Thread.ofVirtual().name("socket-follow").start(() -> follow(execution.publicId(), follower));
  }

  private void follow(String id, EventFollower follower) {
    try {
      follower.follow();
    } catch (IOException e) {
      LOG.debug("a socket is gone or too slow", e);
      socket.getClient().getConnection().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("execution {} cannot be followed any more", id, e);
    } finally {
      lock.lock();
      try {
        followed.remove(id, follower);
      } finally {
        lock.unlock();
      }
    }
  }

  private Execution find(String id) {
    return sources
        .executions()
        .find(id)
        .filter(found -> caller.sees(found.owner()))
        .orElseThrow(() ->
            WindlassException.notFound(
                ErrorCode.EXECUTION_NOT_FOUND, "There is no execution \"%s\"".formatted(id)));
  }

  private void leave(ObjectNode data) {
    String id = Fields.required(data, "execution_id");
    Execution execution = find(id);
    lock.lock();
    try {
      EventFollower follower = followed.remove(execution.publicId());
      if (follower != null) {
        follower.stop();
      }
    } finally {
      lock.unlock();
    }
  }

  private void respond(ObjectNode data) {
    UUID id = prompt(Fields.required(data, "prompt_id"));
    Approval approval =
        sources
            .approvals()
            .find(id)
            .filter(found -> caller.sees(found.owner()))
            .orElseThrow(() -> unknown(id.toString()));
    JsonNode response = data.path("response");
    String reason = null;
    if (response instanceof ObjectNode object) {
      reason = Fields.text(object, "reason");
      response = object.path("choice");
    }
    sources
        .approvals()
        .decide(id, choice(approval, response), caller.user(), ComputeSurface.NAME, reason);
  }

  /** One of the options in any case, or true and false for the first and the refusing one. */
  private static String choice(Approval approval, JsonNode asked) {
    if (asked.isBoolean()) {
      boolean refuses = !asked.booleanValue() && approval.options().contains("reject");
      return refuses
          ? "reject"
          : asked.booleanValue() ? approval.options().getFirst() : approval.options().getLast();
    }
    String given = asked.isString() ? asked.stringValue().strip() : "";
    return approval.options().stream()
        .filter(given::equalsIgnoreCase)
        .findFirst()
        .orElseThrow(() ->
            Fields.invalid(
                "response",
                "Field 'response' must be one of %s"
                    .formatted(String.join(", ", approval.options())),
                asked.isContainer() || asked.isMissingNode() ? null : asked,
                "enum: " + approval.options()));
  }

  private static UUID prompt(String given) {
    String id = given.startsWith("prompt_") ? given.substring(7) : given;
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw unknown(given);
    }
  }

  private static WindlassException unknown(String id) {
    return WindlassException.notFound(
        ErrorCode.APPROVAL_NOT_FOUND, "There is no prompt \"%s\"".formatted(id));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      followed.values().forEach(EventFollower::stop);
      followed.clear();
    } finally {
      lock.unlock();
    }
    outlet.close();
  }

  /** How fast a client may send: a hundred events at once, then twenty a second. */
  private static final class Pace {
    private static final long BURST = 100;
    private static final long NANOS_EACH = 50_000_000;
    private @Nullable Long last;
    private long room = BURST;

    synchronized boolean allows() {
      long now = System.nanoTime();
      Long before = last;
      if (before == null) {
        last = now;
      } else {
        long more = (now - before) / NANOS_EACH;
        room = Math.min(BURST, room + more);
        last = before + more * NANOS_EACH;
      }
      return room-- > 0;
    }
  }
}
