package io.windlass.chain;

import io.windlass.kernel.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Builds one tree from YAML events, counting what aliases expand to as it goes. */
final class YamlTree {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_ALIASES = 1_000;
  private static final int MAX_NODES = 200_000;
  private static final long MAX_CHARACTERS = 4L * Yaml.MAX_LENGTH;
  private static final Pattern INTEGER =
      Pattern.compile("[-+]?[0-9]{1,400}|0o[0-7]{1,400}|0x[0-9a-fA-F]{1,400}");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?(?:\\.[0-9]{1,400}|[0-9]{1,400}(?:\\.[0-9]{0,400})?)(?:[eE][-+]?[0-9]{1,3})?");

  private record Anchored(JsonNode node, long nodes, long characters) {}

  private final Iterator<Event> events;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private int aliases;
  private long nodes;
  private long characters;

  YamlTree(Iterator<Event> events) {
    this.events = events;
  }

  JsonNode document() {
    JsonNode root = JsonNodeFactory.instance.nullNode();
    boolean seen = false;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event) {
        case DocumentStartEvent start -> {
          if (seen) {
            throw Yaml.fault(
                "a second document begins here; one file holds one", mark(start), null);
          }
          seen = true;
          root = node(events.next(), 1);
        }
        case DocumentEndEvent _, StreamEndEvent _ -> {}
        default -> {}
      }
    }
    return root;
  }

  private JsonNode node(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw Yaml.fault("nested deeper than %d levels".formatted(MAX_DEPTH), mark(event), null);
    }
    if (event instanceof AliasEvent alias) {
      return expand(alias);
    }
    long nodesBefore = nodes;
    long charactersBefore = characters;
    count(1, 0, event);
    JsonNode node =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent start -> sequence(start, depth);
          case MappingStartEvent start -> mapping(start, depth);
          default -> throw Yaml.fault("unexpected " + event.getEventId(), mark(event), null);
        };
    Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
    if (anchor.isPresent()) {
      anchors.put(
          anchor.get(), new Anchored(node, nodes - nodesBefore, characters - charactersBefore));
    }
    return node;
  }

  private JsonNode expand(AliasEvent alias) {
    if (++aliases > MAX_ALIASES) {
      throw Yaml.fault(
          "more than %d aliases; write the values out".formatted(MAX_ALIASES), mark(alias), null);
    }
    Anchored anchored = anchors.get(alias.getAlias());
    if (anchored == null) {
      throw Yaml.fault(
          "the alias *%s names no anchor that is complete before it"
              .formatted(alias.getAlias().getValue()),
          mark(alias),
          null);
    }
    count(anchored.nodes, anchored.characters, alias);
    return anchored.node;
  }

  private void count(long moreNodes, long moreCharacters, Event at) {
    nodes += moreNodes;
    characters += moreCharacters;
    if (nodes > MAX_NODES || characters > MAX_CHARACTERS) {
      throw Yaml.fault(
          "the document expands to more than %d values or %d characters; use fewer aliases"
              .formatted(MAX_NODES, MAX_CHARACTERS),
          mark(at),
          null);
    }
  }

  private ArrayNode sequence(Event start, int depth) {
    checkTag(start, "seq");
    ArrayNode list = Json.MAPPER.createArrayNode();
    for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
      list.add(node(next, depth + 1));
    }
    return list;
  }

  private ObjectNode mapping(Event start, int depth) {
    checkTag(start, "map");
    ObjectNode map = Json.object();
    List<JsonNode> merged = new ArrayList<>();
    for (Event next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
      if (!(next instanceof ScalarEvent || next instanceof AliasEvent)) {
        throw Yaml.fault(
            "a key must be a word or a text; quote a value that begins with { or [",
            mark(next),
            null);
      }
      JsonNode keyNode = node(next, depth + 1);
      if (keyNode.isContainer()) {
        throw Yaml.fault("a key must be a word or a text", mark(next), null);
      }
      String key = next instanceof ScalarEvent scalar ? scalar.getValue() : Json.show(keyNode);
      boolean merge = next instanceof ScalarEvent scalar && scalar.isPlain() && key.equals("<<");
      Event valueEvent = events.next();
      JsonNode value = node(valueEvent, depth + 1);
      if (merge) {
        collectMerged(value, merged, valueEvent);
      } else if (map.has(key)) {
        throw Yaml.fault("the key \"%s\" stands twice".formatted(key), mark(next), null);
      } else {
        map.set(key, value);
      }
    }
    for (JsonNode source : merged) {
      source
          .properties()
          .forEach(field -> {
            if (!map.has(field.getKey())) {
              map.set(field.getKey(), field.getValue());
            }
          });
    }
    return map;
  }

  private static void collectMerged(JsonNode value, List<JsonNode> merged, Event at) {
    List<JsonNode> sources = value.isArray() ? List.copyOf(value.values()) : List.of(value);
    if (!sources.stream().allMatch(JsonNode::isObject)) {
      throw Yaml.fault("<< takes a mapping or a list of mappings", mark(at), null);
    }
    merged.addAll(sources);
  }

  private JsonNode scalar(ScalarEvent scalar) {
    String text = scalar.getValue();
    count(0, text.length(), scalar);
    String tag = scalar.getTag().orElse("!");
    if (tag.startsWith("tag:yaml.org,2002:")) {
      tag = tag.substring("tag:yaml.org,2002:".length());
    }
    return switch (tag) {
      case "!" -> scalar.isPlain() && scalar.getTag().isEmpty() ? resolve(text) : Json.text(text);
      case "str", "binary", "timestamp" -> Json.text(text);
      case "int", "float", "bool", "null" -> {
        JsonNode resolved = resolve(text);
        if (resolved.isString()) {
          throw Yaml.fault("\"%s\" is no %s".formatted(text, tag), mark(scalar), null);
        }
        yield resolved;
      }
      default -> throw unknownTag(scalar, tag);
    };
  }

  private static void checkTag(Event start, String expected) {
    Optional<String> tag =
        switch (start) {
          case SequenceStartEvent sequence -> sequence.getTag();
          case MappingStartEvent mapping -> mapping.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent()
        && !tag.get().equals("!")
        && !tag.get().equals("tag:yaml.org,2002:" + expected)) {
      throw unknownTag(start, tag.get());
    }
  }

  private static RuntimeException unknownTag(Event at, String tag) {
    return Yaml.fault(
        "the tag %s is not known here; quote a text that begins with !".formatted(tag),
        mark(at),
        null);
  }

  private static JsonNode resolve(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> JsonNodeFactory.instance.nullNode();
      case "true", "True", "TRUE" -> JsonNodeFactory.instance.booleanNode(true);
      case "false", "False", "FALSE" -> JsonNodeFactory.instance.booleanNode(false);
      default -> number(text);
    };
  }

  /** Decimals keep their digits, so that an unquoted version 1.10 can become the text 1.10. */
  private static JsonNode number(String text) {
    char first = text.charAt(0);
    boolean mayBeNumber = (first >= '0' && first <= '9') || "+-.".indexOf(first) >= 0;
    if (!mayBeNumber || text.length() > 1_000) {
      return Json.text(text);
    }
    if (INTEGER.matcher(text).matches()) {
      BigInteger value =
          switch (text.length() > 1 ? text.charAt(1) : ' ') {
            case 'o' -> new BigInteger(text.substring(2), 8);
            case 'x' -> new BigInteger(text.substring(2), 16);
            default -> new BigInteger(first == '+' ? text.substring(1) : text);
          };
      return value.bitLength() < 64
          ? JsonNodeFactory.instance.numberNode(value.longValue())
          : JsonNodeFactory.instance.numberNode(value);
    }
    if (DECIMAL.matcher(text).matches()) {
      return DecimalNode.valueOf(new BigDecimal(text));
    }
    return Json.text(text);
  }

  private static @Nullable Mark mark(Event event) {
    return event.getStartMark().orElse(null);
  }
}
