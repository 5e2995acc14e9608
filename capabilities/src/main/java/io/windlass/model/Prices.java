package io.windlass.model;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;

/**
 * What models cost: the user's own figures over the bundled ones. The bundled figures hold only at
 * the provider's own server; what is not in either is unknown, never free.
 */
public final class Prices {
  private static final String BUNDLED = "prices.json";

  /** What may follow a model's name without making it another model: a date, a snapshot. */
  private static final Pattern SNAPSHOT = Pattern.compile("[-@](\\d{4}.*|latest)");

  private final List<Entry> entries;
  private final String asOf;

  /**
   * @param host the only server where it holds; null for any
   * @param model a name, or the beginning of names with {@code *} after it
   */
  private record Entry(String provider, @Nullable String host, String model, Price price) {
    boolean covers(String asked, String server, String name) {
      return provider.equals(asked)
          && (host == null || host.equalsIgnoreCase(server))
          && (model.endsWith("*")
              ? name.startsWith(model.substring(0, model.length() - 1))
              : name.equals(model)
                  || name.startsWith(model)
                      && SNAPSHOT.matcher(name.substring(model.length())).matches());
    }
  }

  private Prices(List<Entry> entries, String asOf) {
    this.entries = List.copyOf(entries);
    this.asOf = asOf;
  }

  /**
   * The bundled figures under those of a file.
   *
   * @param own a YAML or JSON file; null for none
   * @throws WindlassException INVALID_INPUT naming the file and the place at fault
   */
  public static Prices load(@Nullable Path own) {
    JsonNode bundled = Json.read(bundled());
    List<Entry> entries = new ArrayList<>();
    String asOf = bundled.path("as_of").asString("");
    if (own != null) {
      entries.addAll(entries(own.toString(), read(own)));
    }
    entries.addAll(entries(BUNDLED, bundled));
    return new Prices(entries, asOf);
  }

  /** When the bundled figures were gathered: year and month. */
  public String asOf() {
    return asOf;
  }

  /**
   * The price of a model; empty when it is not known.
   *
   * @param host the server that is asked
   */
  public Optional<Price> find(String provider, String host, String model) {
    Entry best = null;
    for (Entry entry : entries) {
      boolean better =
          entry.covers(provider, host, model)
              && (best == null
                  || entry.host() == null && best.host() != null
                  || (entry.host() == null) == (best.host() == null)
                      && length(entry) > length(best));
      best = better ? entry : best;
    }
    return Optional.ofNullable(best).map(Entry::price);
  }

  private static int length(Entry entry) {
    return entry.model().length();
  }

  private static String bundled() {
    try (InputStream stream = Prices.class.getResourceAsStream(BUNDLED)) {
      if (stream == null) {
        throw new IllegalStateException("The jar lacks " + BUNDLED);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(Path file) {
    try {
      return Json.tree(
          new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
    } catch (IOException e) {
      throw invalid(file.toString(), "cannot be read (" + e + "); check WINDLASS_MODEL_PRICES", e);
    } catch (YamlEngineException e) {
      throw invalid(file.toString(), String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Entry> entries(String source, JsonNode tree) {
    List<Entry> entries = new ArrayList<>();
    JsonNode providers = object(source, "providers", tree.get("providers"));
    providers
        .properties()
        .forEach(provider -> {
          String at = "providers." + provider.getKey();
          JsonNode section = object(source, at, provider.getValue());
          String host = section.hasNonNull("host") ? Json.show(section.get("host")) : null;
          object(source, at + ".models", section.get("models"))
              .properties()
              .forEach(model ->
                  entries.add(
                      new Entry(
                          provider.getKey(),
                          host,
                          model.getKey(),
                          price(source, at + ".models." + model.getKey(), model.getValue()))));
        });
    return entries;
  }

  private static Price price(String source, String at, JsonNode fields) {
    var input = dollars(source, at + ".input", fields.get("input"));
    return new Price(
        input,
        fields.hasNonNull("cached_input")
            ? dollars(source, at + ".cached_input", fields.get("cached_input"))
            : input,
        dollars(source, at + ".output", fields.get("output")));
  }

  private static BigDecimal dollars(String source, String at, @Nullable JsonNode value) {
    if (value == null || !value.isNumber() || value.decimalValue().signum() < 0) {
      throw invalid(
          source,
          at + ": must be dollars per million tokens, from 0, not " + Json.show(value),
          null);
    }
    return value.decimalValue();
  }

  private static JsonNode object(String source, String at, @Nullable JsonNode value) {
    if (value == null || !value.isObject()) {
      throw invalid(source, at + ": must be a map of names and values", null);
    }
    return value;
  }

  private static WindlassException invalid(
      String source, String reason, @Nullable Throwable cause) {
    return new WindlassException(
        ErrorCode.INVALID_INPUT, "Price list " + source + ": " + reason, cause);
  }
}
