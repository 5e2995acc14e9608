package io.windlass.chain;

import io.windlass.definition.Finding;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads documents of one format and remembers the latest, for a start reads its document more than
 * once.
 */
public final class Reader<D> {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*");
  private static final int MAX_NAME_LENGTH = 200;
  private static final int REMEMBERED = 256;
  private static final int MAX_REMEMBERED_LENGTH = 256 << 10;

  private final String format;
  private final Function<JsonNode, Reading<D>> reading;
  private final Map<String, Reading<D>> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Reading<D>> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param format {@code chain} or {@code pipeline}, as errors name it
   */
  public Reader(String format, Function<JsonNode, Reading<D>> reading) {
    this.format = format;
    this.reading = reading;
  }

  /**
   * The document, which is sound.
   *
   * @throws WindlassException INVALID_NAME, TOO_LARGE, INVALID_DEFINITION with one line per fault
   */
  public D require(String name, String source) {
    checkName(name);
    Reading<D> read = read(source);
    D document = read.document();
    if (document != null) {
      return document;
    }
    throw new WindlassException(
        ErrorCode.INVALID_DEFINITION,
        read.findings().stream()
            .filter(Finding::error)
            .map(Finding::toString)
            .collect(Collectors.joining("\n", "Invalid %s \"%s\":\n".formatted(format, name), "")));
  }

  public Reading<D> read(String source) {
    synchronized (remembered) {
      Reading<D> known = remembered.get(source);
      if (known != null) {
        return known;
      }
    }
    Reading<D> fresh = readAnew(source);
    if (source.length() <= MAX_REMEMBERED_LENGTH) {
      synchronized (remembered) {
        remembered.put(source, fresh);
      }
    }
    return fresh;
  }

  private Reading<D> readAnew(String source) {
    JsonNode tree;
    try {
      tree = Yaml.read(source);
    } catch (WindlassException e) {
      if (e.code() != ErrorCode.INVALID_DEFINITION) {
        throw e;
      }
      String reason = e.text().startsWith("yaml: ") ? e.text().substring(6) : e.text();
      return new Reading<>(null, List.of(new Finding("yaml", reason, true)));
    }
    if (!tree.isObject()) {
      String found = tree.isNull() ? "it is empty" : "got " + SchemaCheck.describe(tree);
      return new Reading<>(
          null,
          List.of(
              new Finding(
                  "document", "expected an object with name, …; %s".formatted(found), true)));
    }
    return reading.apply(tree);
  }

  private void checkName(String name) {
    String fault = nameFault(name);
    if (fault != null) {
      throw new WindlassException(
          ErrorCode.INVALID_NAME, "Invalid %s name \"%s\": %s".formatted(format, name, fault));
    }
  }

  public static @Nullable String nameFault(String name) {
    if (name.length() > MAX_NAME_LENGTH) {
      return "it has more than %d characters".formatted(MAX_NAME_LENGTH);
    }
    return NAME.matcher(name).matches() && !name.contains("..")
        ? null
        : "it must begin with a letter or digit, go on with letters, digits, '.', '_' or '-', and"
            + " not contain '..'";
  }
}
