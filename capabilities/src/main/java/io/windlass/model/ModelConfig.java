package io.windlass.model;

import io.windlass.process.Launcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How model names are resolved; read once at start.
 *
 * @param standard the model for steps that name none, and for names that no configured provider
 *     serves; null when not set
 * @param standardSetting where {@code standard} was set, for people; empty when it was not
 * @param timeout bounds a call whose step does not bound it
 * @param limits how patient calls are
 * @param script a file that answers every call; null for none
 * @param prices a file with prices of one's own; null for none
 * @param aliases names that stand for other names
 * @param endpoints the configured servers by provider name
 * @param programs the command lines that answer as models
 */
public record ModelConfig(
    @Nullable String standard,
    String standardSetting,
    Duration timeout,
    Limits limits,
    @Nullable Path script,
    @Nullable Path prices,
    Map<String, String> aliases,
    Map<String, Endpoint> endpoints,
    Programs programs) {
  public static final Duration TIMEOUT = Duration.ofMinutes(5);
  public static final ModelConfig NONE =
      new ModelConfig(
          null,
          "",
          TIMEOUT,
          Limits.STANDARD,
          null,
          null,
          Map.of(),
          Map.of(),
          new Programs("claude", "codex", Map.of(), Launcher.unowned(Map.of())));

  public ModelConfig {
    aliases = Map.copyOf(aliases);
    endpoints = Collections.unmodifiableMap(new LinkedHashMap<>(endpoints));
  }

  /**
   * Reads the environment over the file's {@code models} section.
   *
   * @param environment the process's variables
   * @param file the section as parsed; empty when there is none
   * @throws io.windlass.kernel.WindlassException INVALID_INPUT naming the setting and its value
   */
  public static ModelConfig read(Map<String, String> environment, Map<String, ?> file) {
    return new ModelSettings(environment, file).config();
  }

  /** The same with another file of prices, unless one was set. */
  public ModelConfig withPrices(@Nullable Path file) {
    return prices != null
        ? this
        : new ModelConfig(
            standard, standardSetting, timeout, limits, script, file, aliases, endpoints, programs);
  }

  /** The same with programs that another one starts. */
  public ModelConfig startedBy(Launcher launcher) {
    return new ModelConfig(
        standard,
        standardSetting,
        timeout,
        limits,
        script,
        prices,
        aliases,
        endpoints,
        new Programs(programs.claude(), programs.codex(), programs.environment(), launcher));
  }

  /** Whether nothing is set that a model could come from. */
  boolean isEmpty() {
    return standard == null && script == null && endpoints.isEmpty();
  }
}
