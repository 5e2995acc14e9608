package io.windlass.cli;

import tools.jackson.databind.JsonNode;

/** Finds the new execution in the answer to a start. */
final class Started {
  private Started() {}

  static String id(JsonNode answer) {
    for (String field : new String[] {"executionId", "public_id", "id"}) {
      String id = Documents.text(answer, field);
      if (!id.isEmpty()) {
        return id;
      }
    }
    throw CliException.failed(
        "The server named no execution: " + Wording.line(Documents.write(answer), 200));
  }
}
