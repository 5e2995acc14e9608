package io.windlass.app;

import io.windlass.agent.Toolbox;
import io.windlass.browser.Browsers;
import io.windlass.browser.PdfGenerate;
import io.windlass.browser.Screenshot;
import io.windlass.engine.Engine;
import io.windlass.git.DiffInject;
import io.windlass.image.ImageGenerate;
import io.windlass.image.Images;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.kernel.WindlassException;
import io.windlass.mcp.McpCall;
import io.windlass.mcp.McpServers;
import io.windlass.mcp.McpToolSource;
import io.windlass.memory.Embedder;
import io.windlass.memory.Memory;
import io.windlass.model.Embeddings;
import io.windlass.model.Models;
import io.windlass.notify.Email;
import io.windlass.notify.Notify;
import io.windlass.process.Launcher;
import io.windlass.shell.Bash;
import io.windlass.shell.BashTool;
import io.windlass.shell.Ocr;
import io.windlass.shell.SandboxExec;
import io.windlass.sql.DbQuery;
import io.windlass.syntax.AstParse;
import io.windlass.tool.ApprovalRequest;
import io.windlass.tool.BuiltInTools;
import io.windlass.tool.CostGate;
import io.windlass.tool.CurrentDatetime;
import io.windlass.tool.EnvVar;
import io.windlass.tool.JsonParse;
import io.windlass.tool.PreTool;
import io.windlass.tool.TemplateRender;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolSource;
import io.windlass.web.Hosts;
import io.windlass.web.HttpFetch;
import io.windlass.web.HttpFetchTool;
import io.windlass.web.ParallelFetch;
import io.windlass.web.SearchTheWeb;
import io.windlass.web.WebClient;
import io.windlass.web.WebSearch;
import io.windlass.web.WebSearchTool;
import io.windlass.workspace.FileTools;
import io.windlass.workspace.ReadFile;
import io.windlass.workspace.Workspace;
import io.windlass.workspace.WriteFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tools that steps and agents can use, and what these work with, built from the settings. */
final class Equipment implements AutoCloseable {
  /** Where pictures are kept, below the workspace. */
  private static final String IMAGES = "images";

  private final WebClient web;
  private final Workspace workspace;
  private final Browsers browsers;
  private final McpServers mcp;
  private final Memory memory;
  private final WebSearch search;
  private final Images images;
  private final List<PreTool> preTools;
  private final List<ToolSource> agentTools;

  Equipment(
      Config config,
      Map<String, String> environment,
      InstantSource clock,
      Models models,
      Launcher launcher,
      Capabilities.Running running) {
    this.images =
        new Images(config.models(), config.folders().workspace().resolve(IMAGES), models::enter);
    this.web = new WebClient(Hosts.system(), config.allowPrivateFetch());
    this.workspace =
        new Workspace(
            config.folders().workspace(),
            Path.of(System.getProperty("java.io.tmpdir")),
            config.closedHome());
    this.browsers = new Browsers(config.services().browser(), web::reachable);
    this.mcp =
        new McpServers(config.folders().mcp(), environment, config.folders().workspace(), clock);
    this.memory = memory(config, workspace, running.engine());
    this.search = new WebSearch(config.services().search(), web);
    this.preTools = preTools(config, environment, clock, launcher, running);
    this.agentTools =
        List.of(new BuiltInTools(agentTools(config, launcher)), new McpToolSource(mcp));
  }

  /**
   * Names that stand for no tool would leave calls unasked that somebody wants to be asked about.
   */
  void requireTools(Set<String> approve) {
    Toolbox toolbox = new Toolbox(agentTools);
    for (String name : approve) {
      if (!toolbox.mayCover(name)) {
        throw new WindlassException(
            ErrorCode.NOT_CONFIGURED,
            "%s names \"%s\", but there is no such tool: use a name that steps use in tools, mcp__SERVER for those of an MCP server, or * for all"
                .formatted(Setting.APPROVE_TOOLS.variables().getFirst(), name));
      }
    }
  }

  private List<Tool> agentTools(Config config, Launcher launcher) {
    List<Tool> all = new ArrayList<>(FileTools.of(workspace));
    all.add(new BashTool(config.folders().workspace(), launcher));
    all.add(new HttpFetchTool(web));
    all.add(new WebSearchTool(search));
    all.add(memory.tool());
    return all;
  }

  private List<PreTool> preTools(
      Config config,
      Map<String, String> environment,
      InstantSource clock,
      Launcher launcher,
      Capabilities.Running running) {
    Path root = config.folders().workspace();
    Services services = config.services();
    var ids = new TimeOrderedIds(clock, new SecureRandom());
    List<PreTool> all = new ArrayList<>(memory.preTools());
    all.addAll(
        List.of(
            new CurrentDatetime(),
            new EnvVar(environment),
            new JsonParse(),
            new TemplateRender(),
            new HttpFetch(web),
            new ParallelFetch(web),
            new Bash(root, launcher),
            new ReadFile(workspace),
            new WriteFile(workspace),
            new DiffInject(workspace::path, root, launcher),
            new DbQuery(environment, workspace::path),
            new McpCall(mcp),
            new Email(services.messages(), web),
            new Notify(services.messages(), web),
            new SearchTheWeb(search),
            new PdfGenerate(browsers, workspace),
            new Ocr(workspace, services.tesseract(), launcher),
            new SandboxExec(workspace, root, services.docker(), launcher),
            new AstParse(workspace),
            new Screenshot(browsers, workspace),
            new ImageGenerate(images, workspace),
            new CostGate(new EngineSpending(running.engine())),
            new ApprovalRequest(new EngineRequests(running.engine(), running.url(), ids, clock))));
    return List.copyOf(all);
  }

  private static Memory memory(Config config, Workspace workspace, Supplier<Engine> engine) {
    return new Memory(
        () -> engine.get().database(),
        new Memory.Surroundings(
            id -> engine.get().executions().get(id).owner(), workspace::text, embedder(config)));
  }

  private static @Nullable Embedder embedder(Config config) {
    String name = config.embeddingModel();
    if (name == null) {
      return null;
    }
    Embeddings embeddings = Embeddings.of(config.models(), name);
    return new Embedder() {
      @Override
      public String model() {
        return embeddings.name();
      }

      @Override
      public List<float[]> embed(List<String> texts) throws Exception {
        return embeddings.of(texts);
      }
    };
  }

  /** The pre-tools that chains can use. */
  List<PreTool> preTools() {
    return preTools;
  }

  /** Where agents' tools come from. */
  List<ToolSource> agentTools() {
    return agentTools;
  }

  WebClient web() {
    return web;
  }

  Workspace workspace() {
    return workspace;
  }

  Browsers browsers() {
    return browsers;
  }

  Images images() {
    return images;
  }

  McpServers mcp() {
    return mcp;
  }

  @Override
  public void close() throws Exception {
    browsers.close();
    images.close();
    web.close();
    mcp.close();
  }
}
