package io.windlass.model;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The language models by name. A name is {@code provider/model}, an alias, or a bare name whose
 * beginning tells the provider; the table is in {@code docs/models.md}.
 */
public final class Models implements AutoCloseable {
  static final Set<String> RESERVED =
      Set.of(OfflineModel.NAME, ScriptedModel.NAME, ClaudeProgram.NAME, CodexProgram.NAME);
  private static final Pattern CLAUDE =
      Pattern.compile("claude([-.].*)?|(haiku|sonnet|opus)([-.\\d\\[].*)?");
  private static final Pattern OPENAI = Pattern.compile("(gpt|chatgpt)-.*|o\\d+([-.].*)?");
  private static final Pattern GOOGLE = Pattern.compile("gemini-.*");
  private static final String GEMINI_STANDARD = "gemini-2.5-flash";
  private static final String OPENAI_STANDARD = "gpt-4o-mini";
  private static final Map<String, String> CLAUDE_SHORT =
      Map.of(
          "claude", "claude-sonnet-4-5",
          "haiku", "claude-haiku-4-5",
          "sonnet", "claude-sonnet-4-5",
          "opus", "claude-opus-4-5");
  private static final int ALIAS_DEPTH = 8;

  /** Long, because a burst of thousands of connections has to wait for the listener's queue. */
  static final Duration CONNECT = Duration.ofSeconds(60);

  private final ModelConfig config;
  private final HttpClient http;
  private final Map<String, ModelServer> servers = new HashMap<>();
  private final Map<String, GuardedProvider> guards = new HashMap<>();
  private final Prices prices;
  private final ModelObserver observer;
  private final Toll toll;
  private final @Nullable ScriptedModel script;
  private final @Nullable ModelRehearsal rehearsal;

  /**
   * Opens the configured models; nothing is asked of them.
   *
   * @throws WindlassException INVALID_INPUT when the configured script or price list is unusable
   */
  public Models(ModelConfig config, InstantSource clock) {
    this(config, clock, ModelObserver.NONE);
  }

  /**
   * The same, watched.
   *
   * @param observer told of each answer, though not of those in dry runs
   */
  public Models(ModelConfig config, InstantSource clock, ModelObserver observer) {
    this(config, clock, observer, Toll.NONE);
  }

  /**
   * The same, for a toll.
   *
   * @param toll what every call goes through, but for those of dry runs
   */
  public Models(ModelConfig config, InstantSource clock, ModelObserver observer, Toll toll) {
    this(
        config,
        clock,
        observer,
        toll,
        config.script() == null ? null : Script.load(config.script()));
  }

  /** Every name answered by one script, as a dry run wants it. */
  public static Models scripted(Script script) {
    return new Models(
        ModelConfig.NONE, InstantSource.system(), ModelObserver.NONE, Toll.NONE, script);
  }

  private Models(
      ModelConfig config,
      InstantSource clock,
      ModelObserver observer,
      Toll toll,
      @Nullable Script script) {
    this.config = config;
    this.toll = toll;
    this.observer = observer;
    this.prices = Prices.load(config.prices());
    this.script = script == null ? null : new ScriptedModel(script);
    this.rehearsal = null;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    config
        .endpoints()
        .forEach((name, endpoint) -> {
          servers.put(name, server(endpoint, http, clock));
          guards.put(name, new GuardedProvider(name, config.limits(), clock));
        });
    // What they have done cannot be told from their silence, so they are not run again.
    for (String name : List.of(ClaudeProgram.NAME, CodexProgram.NAME)) {
      guards.put(name, new GuardedProvider(name, config.limits().withoutRetries(), clock));
    }
  }

  private static ModelServer server(Endpoint endpoint, HttpClient http, InstantSource clock) {
    return switch (endpoint.format()) {
      case OPENAI -> new OpenAiModel(endpoint, http, clock);
      case ANTHROPIC -> new AnthropicModel(endpoint, http, clock);
      case GEMINI -> new WireModel(endpoint, new GeminiWire(), http, clock);
      case OLLAMA -> new WireModel(endpoint, new OllamaWire(), http, clock);
    };
  }

  private Models(Models other, ModelRehearsal rehearsal) {
    this.config = other.config;
    this.toll = other.toll;
    this.http = other.http;
    this.prices = other.prices;
    this.observer = other.observer;
    this.script = other.script;
    this.servers.putAll(other.servers);
    this.guards.putAll(other.guards);
    this.rehearsal = rehearsal;
  }

  /**
   * These models for a dry run, in which none is asked.
   *
   * @param given its answers; null for those of the configured script, or for stand-ins
   * @param listener told of each call on the thread that made it
   */
  public ModelRehearsal rehearse(@Nullable Script given, Consumer<ModelRehearsal.Call> listener) {
    Script own = script == null ? null : script.script();
    return new ModelRehearsal(this, given == null ? own : given, listener);
  }

  /** The same, each asked through the rehearsal; needs no closing. */
  Models rehearsed(ModelRehearsal instead) {
    return new Models(this, instead);
  }

  Prices prices() {
    return prices;
  }

  /**
   * What a name stands for.
   *
   * @param name as a step has it; null or blank for the default
   * @throws WindlassException NOT_CONFIGURED when its provider is not set up, naming the setting
   */
  public ChosenModel choose(@Nullable String name) {
    String asked = name == null ? "" : name.strip();
    ChosenModel chosen = resolve(asked);
    return rehearsal == null ? chosen : rehearsal.inPlaceOf(chosen, asked);
  }

  /** A name that a step did not give itself, where something answers to it; else the default's. */
  public String standing(String name) {
    try {
      var _ = resolve(name);
      return name;
    } catch (WindlassException e) {
      return "";
    }
  }

  private ChosenModel resolve(String asked) {
    if (script != null && !asked.equals(OfflineModel.NAME)) {
      return timed(ScriptedModel.NAME, asked, script.named(asked), null);
    }
    if (asked.equals(OfflineModel.NAME)) {
      return offline();
    }
    if (asked.equals(ScriptedModel.NAME) || asked.startsWith(ScriptedModel.NAME + "/")) {
      throw missing(
          asked, "no script is set; set WINDLASS_MODEL_SCRIPT or models.script to its file");
    }
    if (program(asked) != null) {
      return named(asked, asked, new LinkedHashSet<>());
    }
    if (config.isEmpty() && !config.aliases().containsKey(asked)) {
      return offline();
    }
    if (!asked.isEmpty()) {
      return named(asked, asked, new LinkedHashSet<>());
    }
    return config.standard() == null
        ? named(standard(), asked, new LinkedHashSet<>())
        : byDefault(config.standard(), asked, new LinkedHashSet<>());
  }

  /** What was set for want of another; an error tells where it was. */
  private ChosenModel byDefault(String standard, String asked, Set<String> seen) {
    try {
      return named(standard, standard, seen);
    } catch (WindlassException e) {
      throw new WindlassException(
          e.code(),
          "%s. It is the default model, set by %s%s"
              .formatted(
                  e.text(),
                  config.standardSetting(),
                  asked.isEmpty() ? "" : ", in place of \"" + asked + "\""));
    }
  }

  private ChosenModel named(String name, String asked, Set<String> seen) {
    String target = config.aliases().get(name);
    if (target != null && !target.equals(name) && seen.size() < ALIAS_DEPTH && seen.add(name)) {
      return named(target, asked, seen);
    }
    if (target != null && !target.equals(name)) {
      throw missing(
          asked, "its aliases lead in a circle through " + seen + "; mend models.aliases");
    }
    if (name.equals(OfflineModel.NAME) || name.equals(OfflineModel.LABEL)) {
      return offline();
    }
    Program program = program(name);
    if (program != null) {
      return run(program, name, asked);
    }
    int slash = name.indexOf('/');
    String provider = slash < 0 ? "" : name.substring(0, slash);
    String rest = name.substring(slash + 1);
    if (servers.containsKey(provider)) {
      return served(provider, provider.equals(ModelSettings.ANTHROPIC) ? full(rest) : rest, asked);
    }
    switch (provider) {
      case OfflineModel.NAME ->
          throw missing(
              asked,
              "offline has no models of other names; write offline, or name one of a provider");
      case ModelSettings.OPENAI -> throw missing(asked, "set " + ModelSettings.OPENAI_KEY);
      case ModelSettings.ANTHROPIC -> throw missing(asked, "set " + ModelSettings.ANTHROPIC_KEY);
      case ModelSettings.GEMINI -> throw missing(asked, "set " + ModelSettings.GEMINI_KEY);
      case ModelSettings.OPENROUTER -> throw missing(asked, "set " + ModelSettings.OPENROUTER_KEY);
      case ModelSettings.OLLAMA, ModelSettings.LMSTUDIO ->
          throw missing(
              asked,
              "set %s, or add its base_url under models.endpoints.%s in windlass.yaml"
                  .formatted(
                      provider.equals(ModelSettings.OLLAMA)
                          ? ModelSettings.OLLAMA_HOST
                          : ModelSettings.LMSTUDIO_URL,
                      provider));
      default -> {
        // A server may know names with a slash, as openrouter and vLLM do.
        ChosenModel chosen = bare(name, asked);
        return !provider.isEmpty() && chosen.note() == null ? chosen.passedOn(provider) : chosen;
      }
    }
  }

  private @Nullable Program program(String name) {
    int slash = name.indexOf('/');
    return switch (slash < 0 ? name : name.substring(0, slash)) {
      case ClaudeProgram.NAME -> new ClaudeProgram(prices);
      case CodexProgram.NAME -> new CodexProgram(prices);
      default -> null;
    };
  }

  private ChosenModel run(Program program, String name, String asked) {
    String provider = program.provider();
    String command =
        provider.equals(CodexProgram.NAME) ? config.programs().codex() : config.programs().claude();
    Path executable =
        config
            .programs()
            .find(command)
            .orElseThrow(() ->
                missing(
                    asked,
                    "there is no program \"%s\"; install it with %s"
                        .formatted(command, program.installation())));
    String model = name.length() > provider.length() ? name.substring(provider.length() + 1) : "";
    LanguageModel running =
        new ProgramModel(program, executable, config.programs().environment()).named(model);
    return timed(provider, model, guard(provider).guard(model, running), null)
        .withOwnTools(program);
  }

  private ChosenModel bare(String name, String asked) {
    if (CLAUDE.matcher(name).matches()) {
      return servers.containsKey(ModelSettings.ANTHROPIC)
          ? served(ModelSettings.ANTHROPIC, full(name), asked)
          : standIn(name, asked, ModelSettings.ANTHROPIC_KEY);
    }
    Endpoint openai = config.endpoints().get(ModelSettings.OPENAI);
    if (OPENAI.matcher(name).matches()) {
      return openai != null
          ? served(ModelSettings.OPENAI, name, asked)
          : standIn(name, asked, ModelSettings.OPENAI_KEY);
    }
    if (GOOGLE.matcher(name).matches()) {
      return servers.containsKey(ModelSettings.GEMINI)
          ? served(ModelSettings.GEMINI, name, asked)
          : standIn(name, asked, ModelSettings.GEMINI_KEY);
    }
    if (openai != null) {
      return served(ModelSettings.OPENAI, name, asked);
    }
    List<String> custom =
        config.endpoints().values().stream().filter(Endpoint::custom).map(Endpoint::name).toList();
    if (custom.size() == 1) {
      return served(custom.getFirst(), name, asked);
    }
    return standIn(name, asked, "models.endpoints");
  }

  /** A name that no configured provider is known to serve. */
  private ChosenModel standIn(String name, String asked, String setting) {
    String standard = config.standard();
    if (standard != null && !target(standard).equals(name)) {
      return byDefault(standard, asked, new LinkedHashSet<>(Set.of(name))).inPlaceOf(asked);
    }
    for (Endpoint endpoint : config.endpoints().values()) {
      if (endpoint.model() != null && !endpoint.name().equals(ModelSettings.ANTHROPIC)) {
        return served(endpoint.name(), endpoint.model(), asked).inPlaceOf(asked);
      }
    }
    for (Endpoint endpoint : config.endpoints().values()) {
      if (endpoint.custom()) {
        return served(endpoint.name(), name, asked);
      }
    }
    throw missing(
        asked.isEmpty() ? name : asked,
        "set %s, or say what to use instead with models.aliases or %s"
            .formatted(setting, ModelSettings.DEFAULT_MODEL));
  }

  /** The name for steps that have none, where no default was set. */
  private String standard() {
    for (Endpoint endpoint : config.endpoints().values()) {
      if (endpoint.model() != null) {
        return endpoint.name() + "/" + endpoint.model();
      }
    }
    if (servers.containsKey(ModelSettings.OPENAI)) {
      return ModelSettings.OPENAI + "/" + OPENAI_STANDARD;
    }
    if (servers.containsKey(ModelSettings.ANTHROPIC)) {
      return ModelSettings.ANTHROPIC + "/sonnet";
    }
    if (servers.containsKey(ModelSettings.GEMINI)) {
      return ModelSettings.GEMINI + "/" + GEMINI_STANDARD;
    }
    throw new WindlassException(
        ErrorCode.NOT_CONFIGURED,
        "The step names no model, and no default is set: set %s or models.default"
            .formatted(ModelSettings.DEFAULT_MODEL));
  }

  /** Where a name's aliases lead. */
  private String target(String name) {
    String target = name;
    for (int depth = 0; depth < ALIAS_DEPTH; depth++) {
      target = config.aliases().getOrDefault(target, target);
    }
    return target;
  }

  private ChosenModel served(String provider, String name, String asked) {
    ModelServer server = servers.get(provider);
    if (server == null) {
      throw new IllegalStateException("No server " + provider);
    }
    if (server.endpoint().lacksKey()) {
      throw missing(
          asked.isEmpty() ? provider + "/" + name : asked,
          "set %s (any value will do for a server that asks for none)"
              .formatted(server.endpoint().keyVariable()));
    }
    LanguageModel model = server.named(name, price(provider, name));
    return timed(provider, name, guard(provider).guard(name, model), null);
  }

  /**
   * Lets a call pass that is made elsewhere, of a model for pictures.
   *
   * @param prompt what will be sent
   * @return null when nobody counts it
   */
  public Toll.@Nullable Passage enter(
      StepContext step, String provider, String name, String prompt) {
    return toll.isOpen()
        ? null
        : toll.enter(
            new Payer.OfStep(step),
            new Toll.Call(provider, name, Estimate.of(prompt), price(provider, name)));
  }

  /** What a call costs; null when that is not known. */
  @Nullable Price price(String provider, String name) {
    if (provider.equals(OfflineModel.NAME) || provider.equals(ScriptedModel.NAME)) {
      return Price.FREE;
    }
    ModelServer server = servers.get(provider);
    String host = server == null ? "" : String.valueOf(server.endpoint().baseUrl().getHost());
    return prices.find(provider, host, name).orElse(null);
  }

  private GuardedProvider guard(String provider) {
    return Objects.requireNonNull(guards.get(provider), provider);
  }

  private ChosenModel offline() {
    LanguageModel offline = observed(OfflineModel.NAME, OfflineModel.NAME, new OfflineModel());
    return new ChosenModel(
        OfflineModel.NAME,
        OfflineModel.NAME,
        offline,
        new ChosenModel.Terms(Price.FREE, toll),
        null);
  }

  private ChosenModel timed(
      String provider, String name, LanguageModel model, @Nullable String note) {
    String label = name.isEmpty() ? provider : provider + "/" + name;
    return new ChosenModel(
        provider,
        name,
        observed(
            provider, name, new TimedModel(model, label, config.timeout(), config.limits().idle())),
        new ChosenModel.Terms(price(provider, name), toll),
        note);
  }

  private LanguageModel observed(String provider, String name, LanguageModel model) {
    return (request, pieces) -> {
      ModelAnswer answer = model.ask(request, pieces);
      observer.answered(provider, name.isEmpty() ? provider : name, answer.usage());
      return answer;
    };
  }

  private static String full(String claude) {
    return CLAUDE_SHORT.getOrDefault(claude, claude);
  }

  private static WindlassException missing(String name, String advice) {
    return new WindlassException(
        ErrorCode.NOT_CONFIGURED, "Model \"%s\" is not configured: %s".formatted(name, advice));
  }

  /** What is set up, for people: one line each, no secrets. */
  public List<String> describe() {
    if (script != null) {
      return List.of("scripted: every call is answered from " + config.script());
    }
    if (config.isEmpty()) {
      return List.of(
          "%s: %s; set %s".formatted(OfflineModel.NAME, NoModel.TOLD, ModelSettings.OPENAI_KEY));
    }
    return config.endpoints().values().stream().map(Endpoint::toString).toList();
  }

  /**
   * What to know of answers that do not fit, from what they consumed: that no language model gave
   * them.
   *
   * @return one sentence; empty when a model answered, or nobody did
   */
  public String caveat(Usage usage) {
    if (!OfflineModel.NAME.equals(usage.model()) && !OfflineModel.LABEL.equals(usage.model())) {
      return "";
    }
    return config.isEmpty() ? NoModel.CAVEAT : NoModel.CHOSEN;
  }

  /** Why steps that name no model will fail, for people; empty when they will not. */
  public Optional<String> unusableDefault() {
    try {
      var _ = resolve("");
      return Optional.empty();
    } catch (WindlassException e) {
      return Optional.of("Steps that name no model will fail: " + e.text());
    }
  }

  /** How the configured providers were when they were last asked, for people; asks none. */
  public String health() {
    if (script != null) {
      return ScriptedModel.NAME;
    }
    if (config.endpoints().isEmpty()) {
      return OfflineModel.NAME;
    }
    return config.endpoints().keySet().stream()
        .flatMap(name -> guard(name).health().stream())
        .collect(Collectors.joining(", "));
  }

  /** Ends all calls. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
