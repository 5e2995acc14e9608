package io.windlass.graph;

import io.windlass.definition.Finding;
import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a graph's channels: those under {@code state}, and those that nodes write besides. */
final class ChannelReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");

  /** What the graph itself keeps in the state, or step kinds hand to their templates. */
  private static final Set<String> RESERVED =
      Set.of("input", "route", "node", "deep", "_config", "_metadata");

  private final List<Finding> findings;
  private final Map<String, Channel> channels = new LinkedHashMap<>();

  ChannelReader(List<Finding> findings) {
    this.findings = findings;
  }

  Channels read(ObjectNode graph, List<NodeSpec> nodes) {
    graph.path("state").properties().forEach(entry -> declared(entry.getKey(), entry.getValue()));
    Set<String> inputs = Set.copyOf(graph.path("input_schema").path("properties").propertyNames());
    boolean declares = graph.has("state");
    for (NodeSpec node : nodes) {
      for (String name : written(node)) {
        if (channels.containsKey(name)) {
          continue;
        }
        if (declares && !inputs.contains(name)) {
          fault(
              node.path(),
              "writes the channel \"%s\", which state does not declare".formatted(name));
        } else {
          checkName(node.path() + ".output", name);
        }
        channels.put(name, Channel.plain(name));
      }
    }
    return new Channels(channels);
  }

  private static Iterable<String> written(NodeSpec node) {
    List<String> names = new ArrayList<>();
    Outputs.names(node.fields().path("output")).forEach(names::add);
    if (node.type().equals(NodeTypes.TRANSFORM)) {
      names.addAll(node.fields().path("set").propertyNames());
    }
    if (node.type().equals(NodeTypes.HUMAN) && node.has("comment")) {
      names.add(node.text("comment"));
    }
    return names;
  }

  private void declared(String name, JsonNode fields) {
    String path = "state." + name;
    checkName(path, name);
    String reducer = Json.show(fields.get("reducer")).toUpperCase(Locale.ROOT);
    String type = fields.isString() ? fields.stringValue() : Json.show(fields.get("type"));
    Channel.Reducer rule;
    Channel.Type holds;
    try {
      rule = reducer.isEmpty() ? Channel.Reducer.REPLACE : Channel.Reducer.valueOf(reducer);
      holds = type.isEmpty() ? rule.type : Channel.Type.of(type);
    } catch (IllegalArgumentException e) {
      // The table of fields tells of it.
      channels.put(name, Channel.plain(name));
      return;
    }
    if (!rule.suits(holds)) {
      fault(
          path,
          "the reducer %s needs the type %s, not %s"
              .formatted(reducer.toLowerCase(Locale.ROOT), rule.type.word(), holds.word()));
    }
    Channel empty = new Channel(name, holds, rule, Channel.nothing(rule));
    JsonNode initial = empty.initial();
    if (fields.isObject() && fields.has("default")) {
      try {
        initial = empty.whole(fields.path("default"));
      } catch (Channel.Misfit e) {
        fault(path + ".default", e.reason());
      }
    }
    channels.put(name, new Channel(name, holds, rule, initial));
  }

  private void checkName(String path, String name) {
    if (!NAME.matcher(name).matches()) {
      fault(
          path,
          "\"%s\" cannot be a channel: use letters, digits and underscores, and no digit first"
              .formatted(name));
    } else if (RESERVED.contains(name)) {
      fault(path, "\"%s\" is taken: give the channel another name".formatted(name));
    }
  }

  private void fault(String path, String reason) {
    findings.add(new Finding(path, reason, true));
  }
}
