package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {
  private static final String O = "OPENAI_API_KEY=k";
  private static final String LOCAL = "OPENAI_BASE_URL=http://127.0.0.1:9/v1 " + O;
  private static final String A = "ANTHROPIC_API_KEY=k";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sonnet",
        "claude-opus-4-1",
        "gpt-4o",
        "o3",
        "llama3",
        "openai/gpt-4o",
        "anthropic/sonnet",
        "ollama/x",
        "a/b/c",
        "offline"
      })
  void resolvesEveryNameToOffline_whenNothingIsConfigured(String name) {
    try (Models models = models("", Map.of())) {
      assertThat(label(models, name)).isEqualTo("offline/offline");
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // environment | name | what it stands for
        O + ", '', openai/gpt-4o-mini",
        O + ", gpt-4o, openai/gpt-4o",
        O + ", chatgpt-4o-latest, openai/chatgpt-4o-latest",
        O + ", o3-mini, openai/o3-mini",
        O + ", openai/gpt-4o, openai/gpt-4o",
        O + ", ' gpt-4o ', openai/gpt-4o",
        O + ", mistral-large, openai/mistral-large",
        O + ", offline, offline/offline",
        O + ", offline/offline, offline/offline",
        O + " OPENAI_MODEL=qwen3, '', openai/qwen3",
        O + " OPENAI_MODEL=qwen3, haiku, openai/qwen3",
        O + " OPENAI_MODEL=qwen3, claude-sonnet-4-20250514, openai/qwen3",
        O + " OPENAI_MODEL=qwen3, gpt-4o, openai/gpt-4o",
        O + " WINDLASS_DEFAULT_MODEL=openai/gpt-5, sonnet, openai/gpt-5",
        O + " WINDLASS_DEFAULT_MODEL=openai/gpt-5, '', openai/gpt-5",
        O + " WINDLASS_DEFAULT_MODEL=offline, sonnet, offline/offline",
        LOCAL + ", sonnet, openai/sonnet",
        LOCAL + ", meta-llama/Llama-3, openai/meta-llama/Llama-3",
        LOCAL + ", '', openai/gpt-4o-mini",
        A + ", '', anthropic/claude-sonnet-4-5",
        A + ", haiku, anthropic/claude-haiku-4-5",
        A + ", opus, anthropic/claude-opus-4-5",
        A + ", claude-3-5-haiku-latest, anthropic/claude-3-5-haiku-latest",
        A + ", anthropic/opus, anthropic/claude-opus-4-5",
        "GOOGLE_API_KEY=k, gemini-2.5-pro, gemini/gemini-2.5-pro",
        "GEMINI_API_KEY=k, '', gemini/gemini-2.5-flash",
        O + " GEMINI_API_KEY=k, gemini-2.5-pro, gemini/gemini-2.5-pro",
        "OLLAMA_HOST=127.0.0.1, qwen3, ollama/qwen3",
        "LMSTUDIO_BASE_URL=http://127.0.0.1:1234/v1, lmstudio/a/b, lmstudio/a/b",
        "OPENROUTER_API_KEY=k, openrouter/meta/llama, openrouter/meta/llama",
        A + " " + O + ", sonnet, anthropic/claude-sonnet-4-5",
        A + " " + O + ", gpt-4o, openai/gpt-4o",
        A + " " + O + ", '', openai/gpt-4o-mini",
      })
  void resolvesByProviderPrefixAndDefault(String environment, String name, String expected) {
    try (Models models = models(environment, Map.of())) {
      assertThat(label(models, name)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    O + ", sonnet, ANTHROPIC_API_KEY",
    O + ", claude-opus-4-1, models.aliases",
    O + ", claude-opus-4-1, WINDLASS_DEFAULT_MODEL",
    O + ", anthropic/opus, ANTHROPIC_API_KEY",
    O + " OPENAI_MODEL=qwen3, anthropic/opus, ANTHROPIC_API_KEY",
    O + ", ollama/llama3, models.endpoints.ollama",
    O + ", codex/gpt-5, npm install -g @openai/codex",
    "X=1, claude-code/sonnet, npm install -g @anthropic-ai/claude-code",
    O + ", gemini-2.5-pro, GEMINI_API_KEY",
    O + ", gemini/x, GEMINI_API_KEY",
    O + ", openrouter/x/y, OPENROUTER_API_KEY",
    O + ", ollama/llama3, OLLAMA_HOST",
    O + ", lmstudio/x, LMSTUDIO_BASE_URL",
    "GEMINI_BASE_URL=http://127.0.0.1:9, gemini-2.5-pro, GEMINI_API_KEY",
    O + ", offline/x, offline has no models of other names",
    O + ", scripted, WINDLASS_MODEL_SCRIPT",
    "X=1, scripted, WINDLASS_MODEL_SCRIPT",
    A + ", gpt-4o, OPENAI_API_KEY",
    A + ", openai/gpt-4o, OPENAI_API_KEY",
    A + ", llama3, models.endpoints",
    "OPENAI_BASE_URL=http://127.0.0.1:9/v1, gpt-4o, OPENAI_API_KEY",
    "OPENAI_MODEL=qwen3, '', OPENAI_API_KEY",
    "WINDLASS_DEFAULT_MODEL=openai/gpt-4o, '', OPENAI_API_KEY",
    "WINDLASS_DEFAULT_MODEL=openai/gpt-4o, sonnet, OPENAI_API_KEY",
    "WINDLASS_DEFAULT_MODEL=sonnet, opus, ANTHROPIC_API_KEY",
  })
  void namesTheSettingThatIsMissing(String environment, String name, String setting) {
    try (Models models = models(environment, Map.of())) {
      WindlassException error =
          catchThrowableOfType(WindlassException.class, () -> models.choose(name));

      assertThat(error.code()).isEqualTo(ErrorCode.NOT_CONFIGURED);
      assertThat(error).hasMessageContaining(setting);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', openai/gpt-4o, OPENAI_API_KEY",
    "'', anthropic/opus, ANTHROPIC_API_KEY",
    "opus, sonnet, ANTHROPIC_API_KEY",
  })
  void namesTheDefaultThatIsNotConfigured_andWhereItWasSet(
      String name, String standard, String missing) {
    Map<String, String> variable = Map.of("WINDLASS_DEFAULT_MODEL", standard);
    try (Models set = new Models(ModelConfig.read(variable, Map.of()), InstantSource.system());
        Models filed = models("", Map.of("default", standard))) {
      assertThatThrownBy(() -> set.choose(name))
          .hasMessageContainingAll(
              "\"" + standard + "\"", missing, "default model, set by WINDLASS_DEFAULT_MODEL");
      assertThatThrownBy(() -> filed.choose(name)).hasMessageContaining("set by models.default");
      assertThat(set.unusableDefault().orElseThrow())
          .contains(standard, missing, "WINDLASS_DEFAULT_MODEL");
    }
  }

  @Test
  void tellsOfNoDefault_whereNoneCanBeTaken() {
    Map<String, ?> file =
        Map.of("endpoints", Map.of("local", Map.of("base_url", "http://127.0.0.1:9/v1")));
    try (Models models = models("", file);
        Models well = models(O, Map.of())) {
      assertThat(models.unusableDefault().orElseThrow())
          .contains("no default is set", "WINDLASS_DEFAULT_MODEL");
      assertThat(models.describe().toString()).doesNotContain("null");
      assertThat(well.unusableDefault()).isEmpty();
    }
  }

  @Test
  void tellsThatANameWithAnUnknownProviderIsPassedOn() {
    try (Models models = models(O, Map.of())) {
      assertThat(label(models, "nosuch/gpt-9")).isEqualTo("openai/nosuch/gpt-9");
      assertThat(models.choose("nosuch/gpt-9").note()).contains("\"nosuch\"", "as it is");
      assertThat(models.choose("openai/gpt-9").note()).isNull();
    }
  }

  @Test
  void endsADefaultWhoseAliasLeadsToANameThatNobodyServes() {
    try (Models models = models(O, Map.of("default", "a", "aliases", Map.of("a", "haiku")))) {
      assertThatThrownBy(() -> models.choose("")).hasMessageContaining("ANTHROPIC_API_KEY");
      assertThatThrownBy(() -> models.choose("haiku")).hasMessageContaining("ANTHROPIC_API_KEY");
    }
  }

  @ParameterizedTest
  @CsvSource({
    O + ", haiku, openai/gpt-4o-mini",
    O + " OPENAI_MODEL=qwen3, haiku, openai/qwen3",
    O + ", gpt-4o, openai/gpt-4o",
    A + ", haiku, anthropic/claude-haiku-4-5",
    A + ", gpt-4o, anthropic/claude-sonnet-4-5",
    "GEMINI_API_KEY=k, haiku, gemini/gemini-2.5-flash",
    "X=1, haiku, offline/offline",
  })
  void takesTheDefaultForANameThatNoStepGaveAndNobodyServes(
      String environment, String name, String expected) {
    try (Models models = models(environment, Map.of())) {
      assertThat(label(models, models.standing(name))).isEqualTo(expected);
    }
  }

  @Test
  void followsAliasesAndTellsOfCircles() {
    Map<String, ?> file =
        Map.of(
            "aliases", Map.of("haiku", "quick", "quick", "openai/gpt-4o-mini", "a", "b", "b", "a"));
    try (Models models = models(O, file)) {
      assertThat(label(models, "haiku")).isEqualTo("openai/gpt-4o-mini");
      assertThat(models.choose("haiku").note()).isNull();
      assertThatThrownBy(() -> models.choose("a")).hasMessageContaining("circle");
    }
  }

  @Test
  void keepsAliasesWorking_whenNoProviderIsConfigured() {
    try (Models models = models("", Map.of("aliases", Map.of("fast", "openai/gpt-4o")))) {
      assertThat(label(models, "sonnet")).isEqualTo("offline/offline");
      assertThatThrownBy(() -> models.choose("fast")).hasMessageContaining("OPENAI_API_KEY");
    }
  }

  @Test
  void servesNamedEndpoints() {
    Map<String, ?> file =
        Map.of(
            "default",
            "local/qwen3",
            "endpoints",
            Map.of(
                "local", Map.of("base_url", "http://127.0.0.1:8000/v1/"),
                "paid", Map.of("base_url", "https://example.com/v1", "api_key_env", "PAID_KEY")));
    try (Models models = models("", file)) {
      assertThat(label(models, "")).isEqualTo("local/qwen3");
      assertThat(label(models, "local/any/thing")).isEqualTo("local/any/thing");
      assertThat(label(models, "sonnet")).isEqualTo("local/qwen3");
      assertThatThrownBy(() -> models.choose("paid/x")).hasMessageContaining("PAID_KEY");
    }
  }

  @Test
  void tellsWhichModelAnswersForOneThatNobodyServes() {
    try (Models models = models(O + " OPENAI_MODEL=qwen3", Map.of())) {
      assertThat(models.choose("haiku").note()).contains("haiku").contains("openai/qwen3");
      assertThat(models.choose("gpt-4o").note()).isNull();
      assertThat(models.choose("").note()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI_BASE_URL=localhost:80, OPENAI_BASE_URL",
    "OPENAI_BASE_URL=ftp://x/y, OPENAI_BASE_URL",
    "WINDLASS_MODEL_TIMEOUT_MS=soon, WINDLASS_MODEL_TIMEOUT_MS",
    "WINDLASS_MODEL_TIMEOUT_MS=0, WINDLASS_MODEL_TIMEOUT_MS",
  })
  void refusesUnusableSettings(String environment, String named) {
    assertThatThrownBy(() -> ModelConfig.read(variables(environment), Map.of()))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining(named);
  }

  @Test
  void refusesUnknownKeysOfTheFile() {
    assertThatThrownBy(() -> ModelConfig.read(Map.of(), Map.of("alias", Map.of())))
        .hasMessageContaining("models.alias");
    assertThatThrownBy(() ->
            ModelConfig.read(Map.of(), Map.of("endpoints", Map.of("x", Map.of("url", "http://h")))))
        .hasMessageContaining("models.endpoints.x");
  }

  @Test
  void putsTheEnvironmentOverTheFile() {
    ModelConfig config =
        ModelConfig.read(
            Map.of("WINDLASS_DEFAULT_MODEL", "one", "CLAUDE_TIMEOUT_MS", "1000"),
            Map.of("default", "two"));

    assertThat(config.standard()).isEqualTo("one");
    assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(ModelConfig.read(Map.of(), Map.of()).timeout()).isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:11434",
    "0.0.0.0:9999, http://127.0.0.1:9999",
    "http://box:80/, http://box:80",
    "https://ollama.example, https://ollama.example",
  })
  void readsWhereOllamaIsAsOllamaDoes(String given, String url) {
    ModelConfig config = ModelConfig.read(Map.of("OLLAMA_HOST", given), Map.of());

    assertThat(config.endpoints().get("ollama"))
        .isEqualTo(
            new Endpoint("ollama", WireFormat.OLLAMA, URI.create(url), null, null, null, true));
  }

  @Test
  void takesTheFormatOfAServerFromItsSettings() {
    Map<String, ?> file =
        Map.of(
            "endpoints",
            Map.of(
                "proxy", Map.of("base_url", "http://127.0.0.1:9/v1", "api", "anthropic"),
                "ollama", Map.of("base_url", "http://127.0.0.1:11434/v1")));

    assertThat(ModelConfig.read(Map.of(), file).endpoints().values())
        .extracting(endpoint -> endpoint.name() + " " + endpoint.format())
        .containsExactlyInAnyOrder("proxy ANTHROPIC", "ollama OPENAI");
    assertThatThrownBy(() ->
            ModelConfig.read(
                Map.of(),
                Map.of("endpoints", Map.of("x", Map.of("base_url", "http://h", "api", "soap")))))
        .hasMessageContaining("models.endpoints.x.api")
        .hasMessageContaining("soap");
  }

  @Test
  void neverShowsAKey() {
    ModelConfig config = ModelConfig.read(Map.of("OPENAI_API_KEY", "sk-very-secret"), Map.of());

    assertThat(config.toString()).doesNotContain("secret");
    try (Models models = new Models(config, InstantSource.system())) {
      assertThat(models.describe().toString()).doesNotContain("secret").contains("openai");
    }
  }

  @Test
  void refusesAKeyThatCannotBeSentAndDoesNotShowIt() {
    assertThatThrownBy(() -> ModelConfig.read(Map.of("OPENAI_API_KEY", "sk-one\nsecret"), Map.of()))
        .hasMessageContaining("OPENAI_API_KEY")
        .message()
        .doesNotContain("secret");
  }

  private static String label(Models models, String name) {
    ChosenModel chosen = models.choose(name);
    return chosen.provider() + "/" + chosen.name();
  }

  private static Models models(String environment, Map<String, ?> file) {
    return new Models(ModelConfig.read(variables(environment), file), InstantSource.system());
  }

  private static Map<String, String> variables(String environment) {
    Map<String, String> variables = new TreeMap<>();
    for (String setting : environment.split(" ", -1)) {
      int equals = setting.indexOf('=');
      if (equals > 0) {
        variables.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
    }
    return variables;
  }
}
