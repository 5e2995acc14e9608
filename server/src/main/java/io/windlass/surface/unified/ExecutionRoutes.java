package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.definition.Definition;
import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Executions;
import io.windlass.execution.Rerun;
import io.windlass.execution.StartRequest;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.Json;
import io.windlass.kernel.Page;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/executions}: start, list, look at, cancel, resume, rerun, take away. */
final class ExecutionRoutes {
  private static final int MAX_WAIT_SECONDS = 300;
  private static final int MAX_KEY = 255;
  private final EnginePorts engine;
  private final Executions executions;
  private final Map<String, KindRules> kinds;
  private final Artifacts artifacts;
  private final InstantSource clock;
  private final ReplayArchive archive;

  ExecutionRoutes(
      EnginePorts engine,
      Map<String, KindRules> kinds,
      Artifacts artifacts,
      ReplayArchive.Limits limits,
      InstantSource clock) {
    this.engine = engine;
    this.executions = engine.executions();
    this.kinds = kinds;
    this.artifacts = artifacts;
    this.clock = clock;
    this.archive = new ReplayArchive(executions, limits);
  }

  void declare(Routes routes) {
    String prefix = routes.prefix();
    routes
        .get("/v1/executions", this::list)
        .post("/v1/executions", context -> start(context, prefix))
        .get("/v1/executions/{id}", this::show)
        .post("/v1/executions/{id}/cancel", this::cancel)
        .post("/v1/executions/{id}/resume", this::resume)
        .post("/v1/executions/{id}/rerun", context -> rerun(context, prefix))
        .get("/v1/executions/{id}/replay", this::replay);
  }

  private void list(Context context) {
    Query query = new Query(context);
    Set<String> wanted = query.texts("kind", kinds.keySet());
    String name = query.text("name");
    Set<ExecutionStatus> statuses = query.words("status", ExecutionStatus.class);
    String owner = query.text("owner");
    Instant after = query.instant("created_after");
    Instant before = query.instant("created_before");
    int limit = query.limit();
    query.check();
    if (!Access.seesAll(context)) {
      if (owner != null && !owner.equals(Access.user(context))) {
        context.json(new PageJson<>(List.of(), null));
        return;
      }
      owner = Access.user(context);
    }
    var filter = new ExecutionFilter(wanted, name, statuses, owner, after, before);
    Page<Execution> page = executions.list(filter, query.cursor(), limit);
    context.json(PageJson.of(page, one -> true, ExecutionJson.Summary::of));
  }

  private void start(Context context, String prefix) throws InterruptedException {
    Query query = new Query(context);
    double wait = query.seconds("wait", MAX_WAIT_SECONDS);
    query.check();
    Fields body = new Fields(RequestBody.object(context));
    String kind = body.required("kind");
    String name = body.required("name");
    ObjectNode input = body.object("input");
    KindRules rules = kinds.get(kind);
    if (rules == null && !kind.isBlank()) {
      body.fault("kind", "'" + kind + "' is not one of " + String.join(", ", kinds.keySet()));
    }
    String key = key(context, body);
    body.check();
    StartRequest request =
        new StartRequest(
            kind,
            name,
            input == null ? Json.object() : input,
            UnifiedSurface.NAME,
            Access.user(context),
            engine.definitions().kind(kind).publicIdPrefix(),
            key,
            KindRules.limit(kinds, kind, Access.user(context)));
    Instant before = Instant.ofEpochMilli(clock.millis());
    Execution started = executions.start(request);
    // What this request started cannot be older than the request.
    boolean known = key != null && started.createdAt().isBefore(before);
    if (wait > 0) {
      Duration atMost = Duration.ofMillis((long) (wait * 1000));
      started = executions.awaitEnd(started.id(), atMost).orElse(executions.get(started.id()));
    }
    answer(context, prefix, known ? 200 : 201, started);
  }

  private static @Nullable String key(Context context, Fields body) {
    String key = context.header("Idempotency-Key");
    if (key != null && (key.isBlank() || key.length() > MAX_KEY)) {
      body.fault("Idempotency-Key", "must have from 1 to " + MAX_KEY + " characters");
    }
    return key;
  }

  private void show(Context context) {
    Execution one = Access.execution(context, executions);
    Integer version =
        engine.definitions().version(one.versionId()).map(Definition::version).orElse(null);
    context.json(ExecutionJson.Detail.of(executions.detail(one.id()), version));
  }

  private void cancel(Context context) {
    Execution one = Access.execution(context, executions);
    context.json(ExecutionJson.of(executions.cancel(one.id(), Access.user(context))));
  }

  private void resume(Context context) {
    Execution one = Access.execution(context, executions);
    // It goes on as its owner's, whoever asks.
    AdmissionLimit limit = KindRules.limit(kinds, one.kind(), one.owner());
    context.json(ExecutionJson.of(executions.resume(one.id(), Access.user(context), limit)));
  }

  private void rerun(Context context, String prefix) {
    Execution one = Access.execution(context, executions);
    Fields body = new Fields(RequestBody.object(context));
    String fromStep = body.text("from_step");
    Boolean current = body.flag("current_definition");
    body.check();
    String user = Access.user(context);
    var rerun =
        new Rerun(
            fromStep,
            Boolean.TRUE.equals(current),
            user,
            UnifiedSurface.NAME,
            KindRules.limit(kinds, one.kind(), user));
    answer(context, prefix, 201, executions.rerun(one.id(), rerun));
  }

  private void replay(Context context) throws IOException {
    Execution one = Access.execution(context, executions);
    ExecutionDetail detail = executions.detail(one.id());
    Definition definition = engine.definitions().version(one.versionId()).orElse(null);
    List<Artifacts.Artifact> files = artifacts.of(one);
    context
        .contentType("application/zip")
        .header(
            "Content-Disposition",
            "attachment; filename=\"" + one.publicId().replaceAll("[^\\w.-]", "_") + ".zip\"");
    archive.write(context.res().getOutputStream(), detail, definition, files);
  }

  static void answer(Context context, String prefix, int status, Execution execution) {
    context
        .status(status)
        .header("Location", prefix + "/v1/executions/" + execution.id())
        .json(ExecutionJson.of(execution));
  }
}
