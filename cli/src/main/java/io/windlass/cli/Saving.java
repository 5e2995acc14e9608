package io.windlass.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Saves a file as a chain, and tells what its user may not expect of that. */
final class Saving {
  private final Http chains;
  private final Http unified;
  private final Terminal terminal;

  Saving(Http chains, Http unified, Terminal terminal) {
    this.chains = chains;
    this.unified = unified;
    this.terminal = terminal;
  }

  void save(String name, String yaml) {
    String path = Http.path("v1", "definitions", "chain", name);
    JsonNode before = asked(() -> unified.get(path));
    var _ = chains.postYaml(Http.path("chains", name), yaml);
    if (before != null) {
      tellWhatItReplaced(name, yaml, path, before);
    }
    JsonNode found =
        asked(() ->
            unified.post(
                Http.path("v1", "definitions", "chain", "validate") + "?name=" + Http.escape(name),
                Documents.object().put("source", yaml)));
    if (found != null) {
      for (JsonNode warning : found.path("warnings")) {
        if (Documents.text(warning, "path").equals("name")) {
          terminal.say("note: name: " + Wording.line(Documents.text(warning, "reason"), 300));
        }
      }
    }
  }

  private void tellWhatItReplaced(String name, String yaml, String path, JsonNode before) {
    Long version = Documents.number(before, "version");
    if (version != null && !Documents.text(before, "source").equals(yaml)) {
      terminal.say(
          "note: chain \"%s\" had another source; this is its version %d now, and GET %s/versions still has the old one"
              .formatted(name, version + 1, path));
    }
  }

  /** Null when it is refused or nobody answers: a note is not worth a run. */
  private static @Nullable JsonNode asked(Supplier<JsonNode> request) {
    try {
      return request.get();
    } catch (CliException e) {
      return null;
    }
  }
}
