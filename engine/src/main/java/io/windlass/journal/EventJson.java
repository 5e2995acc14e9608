package io.windlass.journal;

import io.windlass.kernel.Json;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;

/** The stored form of events: one JSON object a line. */
public final class EventJson {
  private static final ObjectWriter WRITER = Json.MAPPER.writerFor(Event.class);
  private static final ObjectWriter LINES = WRITER.withRootValueSeparator("\n");
  private static final ObjectReader READER = Json.MAPPER.readerFor(Event.class);

  private EventJson() {}

  public static String write(Event event) {
    return WRITER.writeValueAsString(event);
  }

  static String writeAll(List<Event> events) {
    if (events.size() == 1) {
      return write(events.getFirst());
    }
    StringWriter lines = new StringWriter(160 * events.size());
    try (SequenceWriter writer = LINES.writeValues(lines)) {
      writer.writeAll(events);
    }
    return lines.toString();
  }

  static List<Entry> readAll(long first, long atMillis, String lines) {
    Instant at = Instant.ofEpochMilli(atMillis);
    List<Entry> entries = new ArrayList<>();
    long number = first;
    for (String line : lines.split("\n")) {
      entries.add(new Entry(number++, at, READER.readValue(line)));
    }
    return entries;
  }
}
