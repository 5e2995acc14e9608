package io.windlass.mcp;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.mcp.SettingsFile.Content;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The MCP servers of the settings file, which is read again when it changes. A server starts when
 * it is first needed.
 */
public final class McpServers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(McpServers.class);

  private final SettingsFile file;
  private final McpSession.Opener opener;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, McpConnection> connections = new LinkedHashMap<>();
  private final ScheduledExecutorService sweeper;
  private boolean closed;

  /**
   * A server of the settings with what may be shown of it.
   *
   * @param config its settings; values of env and headers are masked unless they are references
   */
  public record Configured(String name, boolean enabled, ObjectNode config) {}

  /**
   * The settings as they may be shown.
   *
   * @param file where they are read from
   * @param fault why the file cannot be used; null when it can, or is not there
   */
  public record Settings(Path file, List<Configured> servers, @Nullable String fault) {
    public Settings {
      servers = List.copyOf(servers);
    }
  }

  /**
   * @param settings the settings file, or the folder of {@code mcp_settings.json}; need not exist
   * @param environment what settings may refer to
   * @param folder where programs start whose settings name no other folder
   */
  public McpServers(
      Path settings, Map<String, String> environment, Path folder, InstantSource clock) {
    this(
        new SettingsFile(settings),
        new SessionOpener(environment, folder),
        clock,
        Duration.ofSeconds(5));
  }

  McpServers(SettingsFile file, McpSession.Opener opener, InstantSource clock, Duration sweep) {
    this.file = file;
    this.opener = opener;
    this.clock = clock;
    this.sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mcp-idle").factory());
    var _ =
        sweeper.scheduleWithFixedDelay(
            this::sweep, sweep.toMillis(), sweep.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Where the settings are in a folder. */
  public static Path settingsIn(Path folder) {
    return folder.resolve(SettingsFile.NAME);
  }

  /**
   * Every server as it stands, without asking any; a settings file that cannot be used stands among
   * them as an invalid one, under its own name.
   */
  public List<McpServer> list() {
    Content content = current();
    List<McpServer> views = new ArrayList<>();
    content.servers().keySet().forEach(name -> views.add(connection(name).view()));
    content.faults().forEach((name, why) -> views.add(invalid(name, why)));
    String fault = content.fault();
    if (fault != null) {
      views.add(invalid(SettingsFile.NAME, fault));
    }
    return List.copyOf(views);
  }

  /** Every server after a sign of life was asked of it, which starts those that are enabled. */
  public List<McpServer> status() throws InterruptedException {
    try (Fork<Object> fork = Fork.open("mcp-status")) {
      for (McpConnection one : enabled()) {
        fork.fork(() -> {
          try {
            one.check();
          } catch (WindlassException e) {
            LOG.debug("MCP server {} is not well", one.config().name(), e);
          }
          return one;
        });
      }
      var _ = fork.join();
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return list();
  }

  /**
   * The tools of a server.
   *
   * @throws WindlassException NOT_FOUND, NOT_CONFIGURED, MCP_FAILED
   */
  public List<McpTool> tools(String server) throws InterruptedException {
    return usable(server).tools();
  }

  /** The tools of all enabled servers; those that cannot be used now are left out. */
  public List<McpTool> tools() throws InterruptedException {
    List<McpTool> all = new ArrayList<>();
    try (Fork<List<McpTool>> fork = Fork.open("mcp-tools")) {
      for (McpConnection one : enabled()) {
        if (one.isPausing()) {
          // A list of what there is now does not wait for what does not start.
          continue;
        }
        fork.fork(() -> {
          try {
            return one.tools();
          } catch (WindlassException e) {
            LOG.debug("MCP server {} has no tools now", one.config().name(), e);
            return List.of();
          }
        });
      }
      fork.join().forEach(all::addAll);
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return List.copyOf(all);
  }

  /**
   * Calls a tool.
   *
   * @param atMost what it may take; null for the time that the server's settings give
   * @return its answer, also when the tool says that it failed
   * @throws WindlassException NOT_FOUND, NOT_CONFIGURED, INVALID_INPUT for arguments that do not
   *     fit the schema, MCP_FAILED when the server could not answer
   */
  public McpAnswer call(String server, String tool, ObjectNode arguments, @Nullable Duration atMost)
      throws InterruptedException {
    McpConnection connection = usable(server);
    McpTool known = tool(connection, tool);
    Arguments.check(known, arguments);
    long began = System.nanoTime();
    Duration time = atMost == null ? timeLimit(server).orElse(ServerConfig.TIMEOUT) : atMost;
    var result = connection.call(known.name(), arguments, time);
    Secrets secrets = connection.secrets();
    Object structured = result.structuredContent();
    JsonNode json = structured == null ? null : secrets.mask(Json.tree(structured));
    String text = secrets.mask(McpViews.text(result));
    return new McpAnswer(
        text.isEmpty() && json != null ? json.toString() : text,
        json,
        Boolean.TRUE.equals(result.isError()),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
  }

  /** What a call of a server's tools may take whose caller sets no limit, if its settings say. */
  Optional<Duration> timeLimit(String server) {
    ServerConfig config = current().servers().get(server);
    return Optional.ofNullable(config == null ? null : config.timeout());
  }

  /** The settings, with secrets masked. */
  public Settings settings() {
    Content content = current();
    List<Configured> shown = new ArrayList<>();
    content
        .servers()
        .forEach((name, config) ->
            shown.add(new Configured(name, config.enabled(), Secrets.shown(config.raw()))));
    content
        .faults()
        .keySet()
        .forEach(name -> shown.add(new Configured(name, false, Json.object())));
    return new Settings(file.path(), shown, content.fault());
  }

  /** Why the settings file cannot be used; null when it can, or is not there. */
  @Nullable String fault() {
    return current().fault();
  }

  /** The names of all servers, usable or not. */
  List<String> names() {
    Content content = current();
    List<String> names = new ArrayList<>(content.servers().keySet());
    names.addAll(content.faults().keySet());
    return names;
  }

  private McpTool tool(McpConnection connection, String name) throws InterruptedException {
    List<McpTool> tools = connection.tools();
    return tools.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new WindlassException(
                ErrorCode.NOT_FOUND,
                "MCP server %s has no tool \"%s\": it has %s"
                    .formatted(
                        connection.config().name(),
                        name,
                        String.join(", ", tools.stream().map(McpTool::name).toList()))));
  }

  private McpConnection usable(String name) {
    Content content = current();
    ServerConfig config = content.servers().get(name);
    if (config != null && config.enabled()) {
      return connection(name);
    }
    if (config != null) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "MCP server %s is disabled: take \"disabled\" out of %s".formatted(name, file.path()));
    }
    String why = content.faults().get(name);
    if (why == null && content.fault() != null) {
      throw new WindlassException(ErrorCode.NOT_CONFIGURED, content.fault());
    }
    if (why != null) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "The settings of MCP server %s in %s cannot be used: %s"
              .formatted(name, file.path(), why));
    }
    throw new WindlassException(
        ErrorCode.NOT_FOUND,
        content.servers().isEmpty()
            ? "There is no MCP server \"%s\": write its settings into %s"
                .formatted(name, file.path())
            : "There is no MCP server \"%s\": %s has %s"
                .formatted(name, file.path(), String.join(", ", content.servers().keySet())));
  }

  private List<McpConnection> enabled() {
    return current().servers().values().stream()
        .filter(ServerConfig::enabled)
        .map(config -> connection(config.name()))
        .toList();
  }

  private McpConnection connection(String name) {
    lock.lock();
    try {
      McpConnection connection = connections.get(name);
      if (connection == null) {
        throw new WindlassException(
            ErrorCode.NOT_FOUND, "MCP server " + name + " has just been taken out of the settings");
      }
      return connection;
    } finally {
      lock.unlock();
    }
  }

  /** The file as it is now; servers whose settings changed or went are stopped. */
  private Content current() {
    Content content = file.content();
    List<McpConnection> gone = new ArrayList<>();
    lock.lock();
    try {
      if (closed) {
        throw new WindlassException(ErrorCode.SHUTTING_DOWN, "The MCP servers are being stopped");
      }
      connections
          .values()
          .removeIf(one -> {
            boolean isStale = !one.config().equals(content.servers().get(one.config().name()));
            if (isStale) {
              gone.add(one);
            }
            return isStale;
          });
      content
          .servers()
          .forEach((name, config) ->
              connections.computeIfAbsent(name, _ -> new McpConnection(config, opener, clock)));
    } finally {
      lock.unlock();
    }
    gone.forEach(one -> Thread.ofVirtual().name("mcp-stop").start(one::close));
    return content;
  }

  private McpServer invalid(String name, String why) {
    return new McpServer(
        name, name, "", "", McpServer.State.INVALID, null, List.of(), null, null, null, why);
  }

  private void sweep() {
    try {
      var _ = current();
      List<McpConnection> all;
      lock.lock();
      try {
        all = List.copyOf(connections.values());
      } finally {
        lock.unlock();
      }
      all.forEach(McpConnection::stopWhenIdle);
    } catch (RuntimeException e) {
      LOG.debug("looking for idle MCP servers failed", e);
    }
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
    List<McpConnection> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(connections.values());
      connections.clear();
    } finally {
      lock.unlock();
    }
    try (Fork<Object> fork = Fork.open("mcp-close")) {
      all.forEach(one ->
          fork.fork(() -> {
            one.close();
            return one;
          }));
      var _ = fork.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("an MCP server did not stop well: {}", e.toString());
    }
  }
}
