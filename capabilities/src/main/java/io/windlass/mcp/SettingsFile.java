package io.windlass.mcp;

import io.windlass.kernel.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The settings file, read again when it has changed. */
final class SettingsFile {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsFile.class);
  static final String NAME = "mcp_settings.json";
  private static final int MOST_BYTES = 4 << 20;

  private final Path path;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Stamp seen;
  private Content content = new Content(Map.of(), Map.of(), null);

  /**
   * What the file says.
   *
   * @param servers the usable servers by name
   * @param faults what is wrong with the others, by name
   * @param fault why the file as a whole cannot be used; the servers are then those of before
   */
  record Content(
      Map<String, ServerConfig> servers, Map<String, String> faults, @Nullable String fault) {}

  private record Stamp(long millis, long size, @Nullable Object key) {}

  /**
   * @param path the file, or a folder that it lies in; need not exist
   */
  SettingsFile(Path path) {
    this.path = path;
  }

  Path path() {
    return Files.isDirectory(path) ? path.resolve(NAME) : path;
  }

  Content content() {
    lock.lock();
    try {
      Stamp now = stamp();
      if (!now.equals(seen)) {
        content = read();
        seen = now;
        String fault = content.fault();
        if (fault != null) {
          LOG.warn("{}", fault);
        }
        content.faults().forEach((name, why) -> LOG.warn("MCP server {}: {}", name, why));
      }
      return content;
    } finally {
      lock.unlock();
    }
  }

  private Stamp stamp() {
    try {
      var attributes = Files.readAttributes(path(), BasicFileAttributes.class);
      return new Stamp(
          attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      return new Stamp(-1, e instanceof NoSuchFileException ? 0 : 1, null);
    }
  }

  private Content read() {
    Path file = path();
    try {
      if (Files.size(file) > MOST_BYTES) {
        return broken(file + " is larger than " + (MOST_BYTES >> 20) + " MB");
      }
      String text = Files.readString(file);
      JsonNode json = text.isBlank() ? Json.object() : Json.MAPPER.readTree(text);
      JsonNode servers =
          json.has("mcpServers")
              ? json.get("mcpServers")
              : json.has("servers")
                      && json.path("servers").isObject()
                      && !json.path("servers").has("command")
                      && !json.path("servers").has("url")
                  ? json.get("servers")
                  : json;
      if (!(servers instanceof ObjectNode map)) {
        return broken(
            file
                + " must hold an object of servers: {\"mcpServers\": {\"name\": {\"command\": …}}}");
      }
      return servers(map);
    } catch (NoSuchFileException e) {
      return new Content(Map.of(), Map.of(), null);
    } catch (IOException e) {
      return broken(file + " cannot be read (" + e + "): make it readable for the server");
    } catch (JacksonException e) {
      TokenStreamLocation place = e.getLocation();
      return broken(
          "%s holds invalid JSON%s: %s"
              .formatted(
                  file,
                  place == null
                      ? ""
                      : " at line %d, column %d".formatted(place.getLineNr(), place.getColumnNr()),
                  Json.fault(e)));
    }
  }

  /** The settings from before stay in force until the file is mended. */
  private Content broken(String fault) {
    int kept = content.servers().size();
    String told =
        kept == 0 ? fault : "%s; until it is mended the last good settings hold".formatted(fault);
    return new Content(content.servers(), content.faults(), told);
  }

  private static Content servers(ObjectNode map) {
    Map<String, ServerConfig> servers = new LinkedHashMap<>();
    Map<String, String> faults = new LinkedHashMap<>();
    map.properties()
        .forEach(one -> {
          String name = one.getKey();
          if (one.getValue() instanceof ObjectNode raw) {
            var reader = new ConfigReader(name, raw);
            reader
                .read()
                .ifPresentOrElse(
                    config -> servers.put(name, config),
                    () -> faults.put(name, String.join("; ", reader.faults())));
          } else if (!name.startsWith("$") && !name.startsWith("//")) {
            faults.put(name, "must be an object with a command or a url");
          }
        });
    return new Content(servers, faults, null);
  }
}
