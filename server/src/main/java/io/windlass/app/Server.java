package io.windlass.app;

import io.windlass.definition.Definitions;
import io.windlass.engine.Engine;
import io.windlass.engine.EngineObservers;
import io.windlass.generation.ChainGenerator;
import io.windlass.generation.GenerationStore;
import io.windlass.http.Address;
import io.windlass.http.Listener;
import io.windlass.http.Mount;
import io.windlass.http.RequestObserver;
import io.windlass.http.Surface;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import io.windlass.surface.chains.ChainsConfig;
import io.windlass.surface.chains.ChainsSurface;
import io.windlass.surface.compute.ComputePorts;
import io.windlass.surface.compute.ComputeSurface;
import io.windlass.surface.compute.Traffic;
import io.windlass.surface.compute.WorkflowPorts;
import io.windlass.surface.unified.ApiDocument;
import io.windlass.surface.unified.EnginePorts;
import io.windlass.surface.unified.HealthCheck;
import io.windlass.surface.unified.KindRules;
import io.windlass.surface.unified.Meters;
import io.windlass.surface.unified.UnifiedConfig;
import io.windlass.surface.unified.UnifiedSurface;
import io.windlass.surface.unified.WorkspaceArtifacts;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The wiring, from top to bottom: settings, capabilities, engine, definitions, surfaces. */
final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final String CHAINS_DOCUMENT = "/openapi/chains.yaml";
  private static final String COMPUTE_DOCUMENT = "/openapi/compute.yaml";

  /** What was opened, the last first; closed in this order. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private final Config config;
  private final Capabilities capabilities;
  private final Engine engine;
  private final Meters meters;
  private final RequestObserver observer;
  private final WorkspaceArtifacts artifacts;
  private final @Nullable Listener chains;
  private final @Nullable Listener compute;
  private final Listener main;

  private Server(Config config, Map<String, String> environment) {
    try {
      this.config = config;
      InstantSource clock = InstantSource.system();
      folder("home", config.engine().home(), "WINDLASS_HOME");
      folder("workspace", config.folders().workspace(), "WORKSPACE_DIR");
      this.meters = keep(new Meters());
      this.capabilities =
          keep(
              new Capabilities(
                  config,
                  environment,
                  clock,
                  meters::answered,
                  new Capabilities.Running(this::running, this::mainUrl)));
      capabilities.models().unusableDefault().ifPresent(trouble -> LOG.warn("{}", trouble));
      this.engine =
          keep(
              Engine.open(
                  config.engine(),
                  capabilities.kinds(),
                  new EngineObservers(meters::committed, meters::moved)));
      int survivors = capabilities.launcher().endSurvivors();
      if (survivors > 0) {
        LOG.info(
            "{} processes that the last run of this server left behind were ended.", survivors);
      }
      meters
          .watch(engine, Set.of("chain", "pipeline", "graph", "workflow"))
          .pool(() -> pool().max(), () -> pool().open(), () -> pool().active());
      definitions(engine.definitions());
      this.artifacts =
          new WorkspaceArtifacts(
              engine.executions(),
              List.of(config.folders().workspace()),
              config.closedHome()::closes);
      var traffic = new Traffic(clock);
      this.observer = meters.and(traffic);
      ChainsSurface chainsSurface = chainsSurface(clock);
      ComputeSurface computeSurface = keep(computeSurface(traffic, clock));
      this.chains = ownListener(config.chains(), chainsSurface);
      this.compute = ownListener(config.compute(), computeSurface);
      this.main = mainListener(List.of(chainsSurface, computeSurface), clock);
      // The engine drains first, while the listeners still show what it does; budgets are looked at
      // no more by then, since that needs its database.
      opened.remove(engine);
      keep(engine);
      keep(capabilities.budgets()).start();
      engine.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens everything; when this returns, all ports answer.
   *
   * @throws WindlassException for whatever keeps the server from starting
   */
  static Server open(Config config, Map<String, String> environment) {
    return new Server(config, environment);
  }

  private Engine running() {
    return engine;
  }

  private Database.PoolFigures pool() {
    return engine.database().poolFigures();
  }

  private ChainsSurface chainsSurface(InstantSource clock) {
    return new ChainsSurface(
        engine.executions(),
        engine.approvals(),
        engine.definitions(),
        engine.schedules(),
        new ChainGenerator(
            capabilities.models(),
            engine.definitions(),
            new GenerationStore(engine.database(), clock),
            new TimeOrderedIds(clock, new SecureRandom())),
        new ChainsConfig(
            config.maxConcurrent(),
            config.folders().workspace(),
            config.engine().home(),
            config.cors(),
            Version.current()));
  }

  private ComputeSurface computeSurface(Traffic traffic, InstantSource clock) {
    return new ComputeSurface(
        new ComputePorts(
            new WorkflowPorts(
                engine.executions(),
                engine.approvals(),
                engine.definitions(),
                engine.history(),
                capabilities.workflows(),
                capabilities.graphs(),
                config.computeSurface().limits()::admission,
                execution -> artifacts.of(execution).size(),
                clock),
            capabilities.mcp(),
            new EngineFigures(engine),
            clock),
        config.computeSurface(),
        traffic);
  }

  private @Nullable Listener ownListener(@Nullable Address address, Surface surface) {
    return address == null
        ? null
        : keep(Listener.open(address, List.of(Mount.root(surface)), config.http(), observer));
  }

  private Listener mainListener(List<Surface> others, InstantSource clock) {
    var ports =
        new EnginePorts(
            engine.executions(), engine.approvals(), engine.definitions(), engine.schedules());
    var unified = new UnifiedSurface(ports, unifiedConfig(), capabilities.budgets(), meters, clock);
    List<Mount> mounts = new ArrayList<>(List.of(Mount.root(unified)));
    others.forEach(surface -> mounts.add(Mount.shared(surface)));
    return keep(Listener.open(config.main(), mounts, config.http(), observer));
  }

  private UnifiedConfig unifiedConfig() {
    var limit = ChainsConfig.admission(config.maxConcurrent());
    List<HealthCheck> checks = new ArrayList<>();
    checks.add(
        new HealthCheck(
            "database",
            () -> {
              engine.checkWritable();
              return engine.database().dialect().name();
            }));
    Listener ownPort = chains;
    Listener computePort = compute;
    HttpClient client = keep(HttpClient.newHttpClient());
    if (ownPort != null) {
      checks.add(HealthCheck.answers("chains", client, ownPort::baseUrl));
    }
    if (computePort != null) {
      checks.add(HealthCheck.answers("compute", client, computePort::baseUrl));
    }
    checks.add(new HealthCheck("models", () -> capabilities.models().health()));
    var mcp = new McpStanding(capabilities.mcp());
    checks.add(new HealthCheck("mcp servers", mcp::line));
    var dryRuns = new DryRuns(engine.definitions(), engine.rehearsal(), capabilities);
    return new UnifiedConfig(
        Version.current(),
        Map.of(
            "chain",
            KindRules.of(limit, dryRuns),
            "pipeline",
            KindRules.of(limit, dryRuns),
            "graph",
            new KindRules(config.computeSurface().limits()::admission, dryRuns),
            "workflow",
            new KindRules(config.computeSurface().limits()::admission, dryRuns)),
        List.of(
            new ApiDocument(
                "chains",
                "Chains",
                () -> ownPort == null ? "" : ownPort.baseUrl(),
                CHAINS_DOCUMENT),
            new ApiDocument(
                "compute",
                "Compute",
                () -> computePort == null ? "" : computePort.baseUrl(),
                COMPUTE_DOCUMENT),
            new ApiDocument("unified", "Unified", this::mainUrl, UnifiedConfig.DOCUMENT)),
        checks,
        artifacts,
        mcp::list,
        UnifiedConfig.DEFAULT_HEARTBEAT);
  }

  private void definitions(Definitions definitions) {
    var folder = new DefinitionFolder(definitions);
    Config.Folders folders = config.folders();
    if (folders.library() != null) {
      folder.importLibrary("chain", folders.library().resolve("chains"));
      folder.importLibrary("pipeline", folders.library().resolve("pipelines"));
      folder.importLibrary("graph", folders.library().resolve("graphs"));
      folder.importLibrary("workflow", folders.library().resolve("workflows"));
    }
    if (folders.chains() != null) {
      folder.importFolder("chain", folders.chains(), "CHAINS_DIR");
    }
    if (folders.pipelines() != null) {
      folder.importFolder("pipeline", folders.pipelines(), "PIPELINES_DIR");
    }
  }

  private static void folder(String what, Path folder, String setting) {
    String why = null;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      why = FileTrouble.why(e);
    }
    if (why == null && !takesFiles(folder)) {
      why = "no file can be made in it";
    }
    if (why != null) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "The %s %s cannot be used (%s): make it a writable folder, or set %s to another one"
              .formatted(what, folder, why, setting));
    }
  }

  /** Whether it does is only known by trying: permissions do not tell of read-only file systems. */
  private static boolean takesFiles(Path folder) {
    try {
      Files.delete(Files.createTempFile(folder, ".probe", null));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  String mainUrl() {
    return main.baseUrl();
  }

  /** Null when the chains surface has no port of its own. */
  @Nullable String chainsUrl() {
    return chains == null ? null : chains.baseUrl();
  }

  /** Null when the compute surface has no port of its own. */
  @Nullable String computeUrl() {
    return compute == null ? null : compute.baseUrl();
  }

  /** What models there are, one line each. */
  List<String> models() {
    return capabilities.models().describe();
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        LOG.warn("something did not close well: {}", e.toString());
      }
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }
}
