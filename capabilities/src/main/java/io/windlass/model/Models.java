package io.windlass.model;

import io.windlass.kernel.WindlassException;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The language models by name, ready to be asked: watched, guarded, bounded and paid for. */
public final class Models implements AutoCloseable {
  static final Set<String> RESERVED =
      Set.of(OfflineModel.NAME, ScriptedModel.NAME, ClaudeProgram.NAME, CodexProgram.NAME);

  /** Long, because a burst of thousands of connections has to wait for the listener's queue. */
  static final Duration CONNECT = Duration.ofSeconds(60);

  private final ModelConfig config;
  private final ModelNames names;
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
    this.names = new ModelNames(config);
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
    this.names = other.names;
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
      return timed(ScriptedModel.NAME, asked, script.named(asked));
    }
    ModelNames.Named named = names.find(asked);
    ChosenModel chosen =
        switch (named.target()) {
          case ModelNames.Offline _ -> offline();
          case ModelNames.Served(String provider, String name) -> served(provider, name);
          case ModelNames.OfProgram program -> run(program);
        };
    if (named.inPlaceOf() != null) {
      return chosen.inPlaceOf(named.inPlaceOf());
    }
    return named.prefix() == null ? chosen : chosen.passedOn(named.prefix());
  }

  private ChosenModel run(ModelNames.OfProgram target) {
    Program program =
        target.provider().equals(CodexProgram.NAME)
            ? new CodexProgram(prices)
            : new ClaudeProgram(prices, config.programs().environment());
    Path executable =
        config
            .programs()
            .find(target.command())
            .orElseThrow(() ->
                ModelNames.missing(
                    target.asked(),
                    "there is no program \"%s\"; install it with %s"
                        .formatted(target.command(), program.installation())));
    LanguageModel running =
        new ProgramModel(program, executable, config.programs()).named(target.model());
    return timed(
            target.provider(),
            target.model(),
            guard(target.provider()).guard(target.model(), running))
        .withOwnTools(program);
  }

  private ChosenModel served(String provider, String name) {
    LanguageModel model =
        Objects.requireNonNull(servers.get(provider), provider).named(name, price(provider, name));
    return timed(provider, name, guard(provider).guard(name, model));
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

  private ChosenModel timed(String provider, String name, LanguageModel model) {
    String label = name.isEmpty() ? provider : provider + "/" + name;
    return new ChosenModel(
        provider,
        name,
        observed(
            provider, name, new TimedModel(model, label, config.timeout(), config.limits().idle())),
        new ChosenModel.Terms(price(provider, name), toll),
        null);
  }

  private LanguageModel observed(String provider, String name, LanguageModel model) {
    return (request, pieces) -> {
      ModelAnswer answer = model.ask(request, pieces);
      observer.answered(provider, name.isEmpty() ? provider : name, answer.usage());
      return answer;
    };
  }

  /** What is set up, for people: one line each, no secrets. */
  public List<String> describe() {
    if (script != null) {
      return List.of("scripted: every call is answered from " + config.script());
    }
    if (config.isEmpty()) {
      return List.of(
          "%s: %s; set %s".formatted(OfflineModel.NAME, NoModel.TOLD, EndpointSettings.OPENAI_KEY));
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
