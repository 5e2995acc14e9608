package io.windlass.app;

import io.windlass.agent.AgentSettings;
import io.windlass.budget.Budgets;
import io.windlass.engine.EngineConfig;
import io.windlass.http.Address;
import io.windlass.http.Cors;
import io.windlass.http.HttpConfig;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.mcp.McpServers;
import io.windlass.model.ModelConfig;
import io.windlass.surface.compute.ComputeConfig;
import io.windlass.workspace.ClosedHome;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, read once.
 *
 * @param engine where and how the engine works
 * @param main the port that everything answers on
 * @param chains the chains surface's own port; null when it is off
 * @param compute the compute surface's own port; null when it is off
 * @param computeSurface the settings of the compute surface
 * @param http what all listeners share
 * @param cors which web origins may call the chains surface
 * @param folders where files are
 * @param maxConcurrent how many executions the chains surface lets run at once
 * @param maxContextChars budget of a chain's variables; 0 for none
 * @param allowPrivateFetch whether fetches may go to private addresses
 * @param agents what bounds the loops of agents
 * @param models which models there are
 * @param services what lies outside: services and programs
 * @param embeddingModel the model that texts are compared with; null to compare their words
 * @param budgetOutputTokens how many tokens budgets take an answer to have before it is there
 * @param given the settings that were given, for the log, secrets masked
 */
record Config(
    EngineConfig engine,
    Address main,
    @Nullable Address chains,
    @Nullable Address compute,
    ComputeConfig computeSurface,
    HttpConfig http,
    Cors cors,
    Folders folders,
    int maxConcurrent,
    int maxContextChars,
    boolean allowPrivateFetch,
    AgentSettings agents,
    ModelConfig models,
    Services services,
    @Nullable String embeddingModel,
    int budgetOutputTokens,
    List<String> given) {
  private static final int MAX_PORT = 65_535;
  private static final int MOST_OUTPUT_TOKENS = 10_000_000;

  /**
   * Where files are.
   *
   * @param workspace where agents work
   * @param chains chains to take in at every start; null for none
   * @param pipelines pipelines to take in at every start; null for none
   * @param library the bundled definitions; null when they are not at hand
   * @param mcp the settings of MCP servers, which need not be there
   */
  record Folders(
      Path workspace,
      @Nullable Path chains,
      @Nullable Path pipelines,
      @Nullable Path library,
      Path mcp) {}

  /**
   * Reads the environment over the settings file over the defaults.
   *
   * @param folder relative paths start from here
   * @throws WindlassException NOT_CONFIGURED naming the setting, its value and what it may be
   */
  static Config read(Map<String, String> environment, Path folder) {
    Settings settings = Settings.read(environment, folder);
    Path home = path(settings, Setting.HOME, folder, folder.resolve(".windlass"));
    return new Config(
        engine(settings, home),
        address(settings, Setting.HOST, Setting.PORT, 7070),
        ownAddress(settings, Setting.CHAINS_HOST, Setting.CHAINS_PORT, 4242),
        ownAddress(settings, Setting.COMPUTE_HOST, Setting.COMPUTE_PORT, 5001),
        compute(settings, home, folder),
        http(settings),
        cors(settings),
        folders(settings, home, folder),
        settings.number(Setting.MAX_CONCURRENT_EXECUTIONS, 5, 1, 1_000_000),
        settings.number(Setting.MAX_CONTEXT_CHARS, 50_000, 0, Integer.MAX_VALUE),
        settings.flag(Setting.ALLOW_PRIVATE_FETCH),
        agents(settings),
        models(settings, home),
        Services.read(settings, home),
        settings.text(Setting.EMBEDDING_MODEL).orElse(null),
        settings.number(Setting.BUDGET_OUTPUT_TOKENS, Budgets.OUTPUT_TOKENS, 1, MOST_OUTPUT_TOKENS),
        settings.describe());
  }

  /** What of the folders is for the server alone. */
  ClosedHome closedHome() {
    return new ClosedHome(engine.home(), folders.workspace());
  }

  private static EngineConfig engine(Settings settings, Path home) {
    int days = settings.number(Setting.EXECUTION_MAX_AGE_DAYS, 7, 0, 36_500);
    return new EngineConfig(
        home,
        settings.text(Setting.DATABASE_URL).orElse(null),
        settings.duration(Setting.DRAIN, Duration.ofSeconds(10)),
        days == 0 ? null : Duration.ofDays(days));
  }

  private static AgentSettings agents(Settings settings) {
    AgentSettings standard = AgentSettings.STANDARD;
    Duration toolTimeout = settings.duration(Setting.TOOL_TIMEOUT, standard.toolTimeout());
    if (!toolTimeout.isPositive()) {
      throw settings.unusable(Setting.TOOL_TIMEOUT, "0", "a duration above 0, as 2m");
    }
    return new AgentSettings(
        settings.number(Setting.AGENT_MAX_TURNS, standard.maxTurns(), 1, AgentSettings.MOST_TURNS),
        toolTimeout,
        settings.list(Setting.APPROVE_TOOLS));
  }

  /** The own port of a surface; null when it is off. */
  private static @Nullable Address ownAddress(
      Settings settings, Setting ownHost, Setting port, int standard) {
    boolean off =
        settings.text(port).map(text -> text.toLowerCase(Locale.ROOT).equals("off")).orElse(false);
    if (off) {
      return null;
    }
    Setting host = settings.text(ownHost).isPresent() ? ownHost : Setting.HOST;
    return address(settings, host, port, standard);
  }

  private static ComputeConfig compute(Settings settings, Path home, Path folder) {
    ComputeConfig.Limits standard = ComputeConfig.Limits.STANDARD;
    int days = settings.limit(Setting.WORKSPACE_CLEANUP_DAYS, 0, 36_500);
    Path workspace = folders(settings, home, folder).workspace();
    return new ComputeConfig(
        cors(settings),
        new ComputeConfig.Limits(
            settings.limit(
                Setting.COMPUTE_REQUESTS_PER_HOUR, standard.requestsPerHour(), 1_000_000_000),
            settings.limit(Setting.COMPUTE_MAX_CONCURRENT, standard.executionsAtOnce(), 1_000_000),
            settings.limit(
                Setting.COMPUTE_TOOL_CALLS_PER_HOUR, standard.toolCallsPerHour(), 1_000_000_000)),
        new ComputeConfig.Storage(
            workspace,
            path(settings, Setting.OUTPUT_DIR, folder, workspace.resolve("output")),
            settings.limit(Setting.WORKSPACE_MAX_MB, 10_240, Integer.MAX_VALUE),
            new ClosedHome(home, workspace),
            days == 0 ? null : Duration.ofDays(days)));
  }

  private static Address address(Settings settings, Setting host, Setting port, int standard) {
    return new Address(
        settings.text(host).orElse("127.0.0.1"),
        settings.nameOf(host),
        settings.number(port, standard, 0, MAX_PORT),
        settings.nameOf(port));
  }

  private static HttpConfig http(Settings settings) {
    Set<String> tokens = new TreeSet<>();
    for (Setting token : List.of(Setting.TOKEN, Setting.COMMAND_TOKEN, Setting.CHAINS_TOKEN)) {
      settings.text(token).ifPresent(tokens::add);
    }
    return new HttpConfig(
        tokens,
        settings.list(Setting.ALLOWED_HOSTS),
        settings.number(Setting.MAX_BODY, HttpConfig.DEFAULT_MAX_BODY, 1_024, 1 << 30));
  }

  private static Cors cors(Settings settings) {
    Set<String> origins = settings.list(Setting.CORS_ORIGIN);
    if (origins.isEmpty()) {
      return Cors.ALL;
    }
    return origins.equals(Set.of("off")) ? Cors.NONE : new Cors(origins);
  }

  private static Folders folders(Settings settings, Path home, Path folder) {
    Path workspace = path(settings, Setting.WORKSPACE_DIR, folder, home.resolve("workspace"));
    if (workspace.equals(home)) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "%s is %s, the server's own folder, which is closed to file tools: set it to a folder of its own, as %s"
              .formatted(
                  settings.nameOf(Setting.WORKSPACE_DIR), workspace, home.resolve("workspace")));
    }
    return new Folders(
        workspace,
        optionalPath(settings, Setting.CHAINS_DIR, folder),
        optionalPath(settings, Setting.PIPELINES_DIR, folder),
        library(settings, folder),
        mcp(settings, home, folder));
  }

  /** The file that was named must be there; the one in the home need not. */
  private static Path mcp(Settings settings, Path home, Path folder) {
    Path given = optionalPath(settings, Setting.MCP_SETTINGS, folder);
    if (given == null) {
      return McpServers.settingsIn(home);
    }
    Path file = Files.isDirectory(given) ? McpServers.settingsIn(given) : given;
    if (!Files.exists(file)) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "%s names %s, but there is no file %s: write the settings of MCP servers there, or unset it"
              .formatted(settings.nameOf(Setting.MCP_SETTINGS), given, file));
    }
    return given;
  }

  /** Beside the launcher that started the server, or in the folder it was started in. */
  private static @Nullable Path library(Settings settings, Path folder) {
    Path given = optionalPath(settings, Setting.LIBRARY_DIR, folder);
    if (given != null) {
      return given;
    }
    String launcher = settings.environment().get("WINDLASS_LAUNCHER");
    Path beside = launcher == null ? folder : Path.of(launcher).toAbsolutePath().getParent();
    Path library = (beside == null ? folder : beside).resolve("library");
    return library.toFile().isDirectory() ? library : null;
  }

  private static Path path(Settings settings, Setting setting, Path folder, Path fallback) {
    Path given = optionalPath(settings, setting, folder);
    return given == null ? fallback : given;
  }

  private static @Nullable Path optionalPath(Settings settings, Setting setting, Path folder) {
    String text = settings.text(setting).orElse(null);
    try {
      return text == null ? null : folder.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw settings.unusable(setting, text == null ? "" : text, "the path of a folder");
    }
  }

  private static ModelConfig models(Settings settings, Path home) {
    try {
      Path prices = home.resolve("prices.yaml");
      return ModelConfig.read(settings.environment(), settings.models())
          .withPrices(Files.exists(prices) ? prices : null);
    } catch (WindlassException e) {
      throw new WindlassException(ErrorCode.NOT_CONFIGURED, e.text(), e);
    }
  }
}
