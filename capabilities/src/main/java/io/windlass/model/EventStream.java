package io.windlass.model;

import dev.langchain4j.http.client.sse.CancellationUnsupportedHandle;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events with little memory for each of many open streams. */
final class EventStream {
  private static final int BUFFER = 1024;
  private static final int LONGEST = 8 << 20;

  /** Of the stream, whatever is in it: an answer of the longest text, in pieces of a letter. */
  private static final long MOST = 1L << 30;

  private final InputStream body;
  private final ServerSentEventListener listener;
  private final Exchange exchange;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final ServerSentEventContext context =
      new ServerSentEventContext(new CancellationUnsupportedHandle());
  private final Event event = new Event();
  private final Framing framing;
  private boolean afterReturn;
  private long taken;

  /** How one piece is told from the next. */
  enum Framing {
    /** Server-sent events. */
    EVENTS,
    /** A JSON object a line. */
    LINES
  }

  EventStream(
      InputStream body, ServerSentEventListener listener, Exchange exchange, Framing framing) {
    this.framing = framing;
    this.body = body;
    this.listener = listener;
    this.exchange = exchange;
  }

  /** Delivers events until the stream or the exchange ends. */
  void read() throws IOException {
    byte[] buffer = new byte[BUFFER];
    int count;
    while (!exchange.ended() && (count = body.read(buffer)) >= 0) {
      taken += count;
      Pulse.beat();
      if (taken > MOST) {
        exchange.tooLong(MOST);
        return;
      }
      for (int at = 0; at < count && !exchange.ended(); at++) {
        take(buffer[at]);
      }
    }
    if (!exchange.ended()) {
      endLine();
      deliver();
    }
  }

  /** Lines end with CR, LF, or both. */
  private void take(byte next) throws IOException {
    if (next == '\n' && afterReturn) {
      afterReturn = false;
      return;
    }
    afterReturn = next == '\r';
    if (next == '\n' || next == '\r') {
      endLine();
    } else if (line.size() < LONGEST) {
      line.write(next);
    } else {
      throw new IOException("a line is longer than " + LONGEST + " bytes");
    }
  }

  private void endLine() {
    if (line.size() == 0) {
      deliver();
      return;
    }
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (framing == Framing.LINES) {
      event.data = text;
      deliver();
      return;
    }
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (field.toLowerCase(Locale.ROOT)) {
      case "data" -> event.data = event.data == null ? value : event.data + "\n" + value;
      case "event" -> event.name = value;
      default -> {
        // Comments, ids and retry times say nothing about an answer.
      }
    }
  }

  private void deliver() {
    String data = event.data;
    if (data != null && exchange.accepts(event.name, data)) {
      try {
        event.data = exchange.named(data);
        listener.onEvent(event, context);
      } catch (RuntimeException e) {
        exchange.onError(e);
      }
    }
    event.data = null;
    event.name = null;
  }

  /**
   * One event object for the whole stream: LangChain4j keeps each event that it is given until the
   * answer is whole, which for a long answer is far more than the answer itself.
   */
  private static final class Event extends ServerSentEvent {
    private @Nullable String name;
    private @Nullable String data;

    Event() {
      super("message", "");
    }

    @Override
    public @Nullable String event() {
      return name;
    }

    @Override
    public String data() {
      return data == null ? "" : data;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
