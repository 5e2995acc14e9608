package io.windlass.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.store.Database;
import io.windlass.tool.Arguments;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the remembering tools do, whatever database they remember in. */
abstract class MemoryContract {
  private Database database;
  private String owner = "ann";
  private String chain = "notes";
  private @Nullable Embedder embedder;
  private State state = State.EMPTY;
  private FakeStepContext context = new FakeStepContext();

  abstract Database open();

  @BeforeEach
  void start() {
    database = open();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void loadsWhatWasSavedLast() throws Exception {
    state = State.EMPTY.with(Map.of("n", Json.text("7")));
    assertThat(run("state_save", "{\"key\":\"count\",\"value\":\"{n}\"}")).isEqualTo("7");
    assertThat(run("state_save", "{\"key\":\"count\",\"value\":8}")).isEqualTo("8");
    assertThat(run("state_load", "{\"key\":\"count\"}")).isEqualTo("8");
    assertThat(run("state_load", "{\"key\":\"absent\",\"default\":\"none of {n}\"}"))
        .isEqualTo("none of 7");
    assertThat(run("state_load", "{\"key\":\"absent\"}")).isEmpty();
  }

  @Test
  void keepsStateApartByChainScopeAndOwner() throws Exception {
    run("state_save", "{\"key\":\"k\",\"value\":\"mine\"}");
    run("state_save", "{\"key\":\"k\",\"value\":\"shared\",\"scope\":\"team\"}");
    assertThat(run("state_load", "{\"key\":\"k\",\"scope\":\"team\"}")).isEqualTo("shared");
    chain = "other";
    assertThat(run("state_load", "{\"key\":\"k\"}")).isEmpty();
    assertThat(run("state_load", "{\"key\":\"k\",\"scope\":\"notes\"}")).isEqualTo("mine");
    assertThat(run("state_load", "{\"key\":\"k\",\"scope\":\"team\"}")).isEqualTo("shared");
    owner = "bob";
    assertThat(run("state_load", "{\"key\":\"k\",\"scope\":\"team\"}")).isEmpty();
  }

  @Test
  void keepsAnyTextAndRefusesTooLongOnes() throws Exception {
    state = State.EMPTY.with(Map.of("odd", Json.text("é\u0000 '; DROP TABLE x -- 😀")));
    run("state_save", "{\"key\":\"odd\",\"value\":\"{odd}\"}");
    assertThat(run("state_load", "{\"key\":\"odd\"}")).isEqualTo("é '; DROP TABLE x -- 😀");
    state = State.EMPTY.with(Map.of("long", Json.text("x".repeat((1 << 20) + 1))));
    assertThatThrownBy(() -> run("state_save", "{\"key\":\"k\",\"value\":\"{long}\"}"))
        .hasMessageContaining("value has 1048577 characters");
    assertThatThrownBy(() -> run("state_save", "{\"key\":\" \",\"value\":\"v\"}"))
        .hasMessageContaining("key is empty");
  }

  @Test
  void findsPiecesByTheirWords() throws Exception {
    index("cats", "A cat sleeps for most of the day.");
    index("cars", "The car's engine needs oil. Café visits are billed apart.");
    index("tax", "Tax is due in April.");
    assertThat(query("{\"query\":\"When does the engine need OIL?\"}")).startsWith("The car's");
    assertThat(query("{\"query\":\"cafe\"}")).startsWith("The car's");
    assertThat(query("{\"query\":\"zebra\"}")).isEmpty();
    assertThat(query("{\"query\":\"\\\" OR ' & | ! : * (cat\"}")).startsWith("A cat");
    JsonNode json = Json.read(query("{\"query\":\"cat car tax\",\"format\":\"json\",\"top_k\":2}"));
    assertThat(json.size()).isEqualTo(2);
    assertThat(json.get(0).get("score").doubleValue()).isPositive();
    assertThat(json.get(0).get("source").stringValue()).isIn("cats", "cars", "tax");
  }

  @Test
  void replacesASourceThatIsIndexedAgain() throws Exception {
    index("doc", "Apples are red.");
    index("doc", "Bananas are yellow.");
    assertThat(query("{\"query\":\"apples\"}")).isEmpty();
    assertThat(query("{\"query\":\"bananas\"}")).isEqualTo("Bananas are yellow.");
    String unnamed = "{\"collection\":\"c\",\"source\":\"Cherries are dark.\"}";
    run("vector_index", unnamed);
    run("vector_index", unnamed);
    assertThat(
            Json.read(
                    run(
                        "vector_query",
                        "{\"collection\":\"c\",\"query\":\"cherries\",\"format\":\"json\"}"))
                .size())
        .isEqualTo(1);
  }

  @Test
  void keepsCollectionsApart() throws Exception {
    index("doc", "Apples are red.");
    owner = "bob";
    assertThat(query("{\"query\":\"apples\"}")).isEmpty();
    assertThat(context.logs()).anyMatch(line -> line.contains("is empty; vector_index fills it"));
    owner = "ann";
    chain = "other";
    assertThat(query("{\"query\":\"apples\"}")).isEmpty();
    assertThat(run("vector_query", "{\"query\":\"apples\",\"collection\":\"notes\"}"))
        .isEqualTo("Apples are red.");
  }

  @Test
  void readsAFileOfTheWorkspace() throws Exception {
    assertThat(run("vector_index", "{\"source\":\"notes.md\"}"))
        .isEqualTo("Indexed 1 pieces of notes.md in the collection \"notes\" (full-text search)");
    assertThat(query("{\"query\":\"hedgehog\"}")).isEqualTo("A hedgehog lives here.");
  }

  @Test
  void findsPiecesByTheirMeaning() throws Exception {
    WordsAsVectors words = new WordsAsVectors();
    index("early", "A kitten plays.");
    embedder = words;
    assertThat(query("{\"query\":\"kitten\"}")).isEqualTo("A kitten plays.");
    assertThat(context.logs()).anyMatch(line -> line.contains("searched by words"));
    index("early", "A kitten plays.");
    index("cars", "The vehicle is old.");
    index("money", "The invoice is late.");
    assertThat(query("{\"query\":\"feline\",\"top_k\":1}")).isEqualTo("A kitten plays.");
    assertThat(query("{\"query\":\"engine\",\"top_k\":1}")).isEqualTo("The vehicle is old.");
    JsonNode json = Json.read(query("{\"query\":\"tax\",\"format\":\"json\"}"));
    assertThat(json.get(0).get("text").stringValue()).isEqualTo("The invoice is late.");
    assertThat(json.get(0).get("score").doubleValue()).isGreaterThan(0.95);
    assertThat(json.get(2).get("score").doubleValue()).isLessThan(0.1);
    words.model = "test/newer";
    assertThat(query("{\"query\":\"feline\"}")).isEmpty();
  }

  @Test
  void looksThroughMorePiecesThanOnePage() throws Exception {
    embedder = new WordsAsVectors();
    state =
        State.EMPTY.with(
            Map.of(
                "many", Json.text("money is a word here. ".repeat(3_000) + "The cat comes last.")));
    run("vector_index", "{\"source\":\"{many}\",\"chunk_size\":50}");
    assertThat(query("{\"query\":\"kitten\",\"top_k\":1}")).contains("cat comes last");
  }

  @Test
  void answersALikeQuestionFromTheCache() throws Exception {
    String ask = "{\"query\":\"How do I reset the password?\"}";
    assertThat(run("semantic_cache", ask)).isEmpty();
    run("semantic_cache", "{\"query\":\"How do I reset my password?\",\"value\":\"Click it.\"}");
    assertThat(run("semantic_cache", ask)).isEmpty();
    assertThat(
            run(
                "semantic_cache",
                "{\"query\":\"how do i RESET my password\",\"similarity_threshold\":0.99}"))
        .isEqualTo("Click it.");
    assertThat(
            run(
                "semantic_cache",
                "{\"query\":\"How do I reset the password?\",\"similarity_threshold\":0.8}"))
        .isEqualTo("Click it.");
    assertThat(run("semantic_cache", "{\"query\":\"What is the tax?\",\"default\":\"miss\"}"))
        .isEqualTo("miss");
    chain = "other";
    assertThat(run("semantic_cache", "{\"query\":\"How do I reset my password?\"}")).isEmpty();
  }

  @Test
  void comparesQuestionsByMeaningAndForgetsOldAnswers() throws Exception {
    embedder = new WordsAsVectors();
    run("semantic_cache", "{\"query\":\"about my cat\",\"value\":\"meow\",\"ttl\":\"10m\"}");
    assertThat(run("semantic_cache", "{\"query\":\"the feline\"}")).isEqualTo("meow");
    assertThat(run("semantic_cache", "{\"query\":\"the engine\"}")).isEmpty();
    run("semantic_cache", "{\"query\":\"about my car\",\"value\":\"brm\",\"ttl\":0}");
    assertThat(run("semantic_cache", "{\"query\":\"about my car\"}")).isEmpty();
    assertThatThrownBy(() -> run("semantic_cache", "{\"query\":\"q\",\"ttl\":\"soon\"}"))
        .hasMessageContaining("\"soon\"");
  }

  @Test
  void comparesTexts() throws Exception {
    JsonNode json =
        Json.read(
            run(
                "embed_compare",
                "{\"text_a\":\"Old release notes\",\"text_b\":\"New release with fixes\"}"));
    assertThat(json.get("method").stringValue()).isEqualTo("keywords");
    assertThat(json.get("similarity").doubleValue()).isBetween(0.2, 0.5);
    assertThat(json.get("new_keywords").toString()).isEqualTo("[\"new\",\"fixes\"]");
    assertThat(json.get("removed_keywords").toString()).isEqualTo("[\"old\",\"notes\"]");
    assertThat(json.get("verdict").stringValue()).isEqualTo("different");
    embedder = new WordsAsVectors();
    JsonNode meant =
        Json.read(run("embed_compare", "{\"text_a\":\"a kitten\",\"text_b\":\"a feline\"}"));
    assertThat(meant.get("method").stringValue()).isEqualTo("embedding");
    assertThat(meant.get("verdict").stringValue()).isEqualTo("identical");
  }

  @Test
  void addsAndLooksUpFacts() throws Exception {
    assertThat(run("graph_query", "{}")).isEqualTo("[]");
    run("graph_query", "{\"triples\":[[\"ann\",\"knows\",\"bob\"],[\"bob\",\"knows\",\"cy\"]]}");
    run("graph_query", "{\"triples\":\"ann | likes | tea\\nann | knows | bob\"}");
    run(
        "graph_query",
        "{\"triples\":{\"subject\":\"cy\",\"predicate\":\"likes\",\"object\":\"tea\"}}");
    assertThat(Json.read(run("graph_query", "{}")).size()).isEqualTo(4);
    assertThat(run("graph_query", "{\"subject\":\"ann\",\"predicate\":\"knows\"}"))
        .isEqualTo("[{\"subject\":\"ann\",\"predicate\":\"knows\",\"object\":\"bob\"}]");
    assertThat(Json.read(run("graph_query", "{\"object\":\"tea\"}")).size()).isEqualTo(2);
    assertThat(run("graph_query", "{\"subject\":\"nobody\"}")).isEqualTo("[]");
    assertThatThrownBy(() -> run("graph_query", "{\"triples\":[[\"ann\",\"knows\"]]}"))
        .hasMessageContaining("triples[0]");
    owner = "bob";
    assertThat(run("graph_query", "{}")).isEqualTo("[]");
  }

  @Test
  void keepsTheNotesOfAgents() throws Exception {
    assertThat(note("{\"action\":\"recall\",\"query\":\"tea\"}"))
        .isEqualTo("Nothing is remembered yet");
    assertThat(
            note("{\"action\":\"remember\",\"key\":\"tea\",\"text\":\"Ann takes her tea black.\"}"))
        .isEqualTo("Remembered as \"tea\"");
    note("{\"action\":\"remember\",\"text\":\"The office closes at six.\"}");
    assertThat(note("{\"action\":\"recall\",\"query\":\"How does Ann drink TEA?\"}"))
        .isEqualTo("[tea]\nAnn takes her tea black.");
    note("{\"action\":\"remember\",\"key\":\"tea\",\"text\":\"Ann takes her tea with milk.\"}");
    assertThat(note("{\"action\":\"recall\",\"query\":\"tea\"}"))
        .isEqualTo("[tea]\nAnn takes her tea with milk.");
    assertThat(note("{\"action\":\"recall\"}"))
        .startsWith("[tea]\nAnn takes her tea with milk.\n\n[note ")
        .endsWith("]\nThe office closes at six.");
    assertThat(note("{\"action\":\"recall\",\"limit\":1}")).doesNotContain("office");
    assertThat(note("{\"action\":\"recall\",\"query\":\"zebra\"}"))
        .contains("2 notes are remembered");
    assertThat(note("{\"action\":\"forget\",\"key\":\"tea\"}")).isEqualTo("Forgot \"tea\"");
    assertThat(note("{\"action\":\"forget\",\"key\":\"tea\"}")).contains("no note");
    assertThat(note("{\"action\":\"recall\",\"query\":\"tea\"}")).startsWith("Nothing fits");
  }

  @Test
  void keepsNotesApartByChainScopeAndOwner() throws Exception {
    note("{\"action\":\"remember\",\"text\":\"Mine alone.\"}");
    note("{\"action\":\"remember\",\"text\":\"For the team.\",\"scope\":\"team\"}");
    index("doc", "A document of vector_index.");
    assertThat(note("{\"action\":\"recall\"}")).endsWith("]\nMine alone.").doesNotContain("team");
    assertThat(query("{\"query\":\"mine alone\"}")).isEmpty();
    chain = "other";
    assertThat(note("{\"action\":\"recall\"}")).isEqualTo("Nothing is remembered yet");
    assertThat(note("{\"action\":\"recall\",\"scope\":\"team\"}")).contains("For the team.");
    owner = "bob";
    assertThat(note("{\"action\":\"recall\",\"scope\":\"team\"}"))
        .isEqualTo("Nothing is remembered yet");
  }

  @Test
  void findsNotesByTheirMeaning() throws Exception {
    embedder = new WordsAsVectors();
    note("{\"action\":\"remember\",\"text\":\"A kitten plays.\"}");
    note("{\"action\":\"remember\",\"text\":\"The invoice is late.\"}");
    assertThat(note("{\"action\":\"recall\",\"query\":\"feline\",\"limit\":1}"))
        .endsWith("A kitten plays.");
  }

  @Test
  void tellsTheAgentWhatItsNotesCannotBe() throws Exception {
    Tool tool = memory().tool();
    for (String arguments :
        List.of(
            "{\"action\":\"remember\"}",
            "{\"action\":\"forget\",\"key\":\" \"}",
            "{\"action\":\"remember\",\"text\":\"" + "x".repeat(8_001) + "\"}")) {
      assertThat(tool.call(call(arguments)).failed()).as(arguments).isTrue();
    }
    assertThat(tool.isReadOnly((ObjectNode) Json.read("{\"action\":\"recall\"}"))).isTrue();
    assertThat(tool.isReadOnly((ObjectNode) Json.read("{\"action\":\"remember\"}"))).isFalse();
    assertThat(Arguments.read("{\"action\":\"think\"}", tool.schema()).fault()).isNotNull();
  }

  private String note(String arguments) throws Exception {
    assertThat(Arguments.read(arguments, memory().tool().schema()).fault()).isNull();
    return memory().tool().call(call(arguments)).text();
  }

  private ToolCall call(String arguments) {
    context = new FakeStepContext(state).inside(chain, 0);
    return new ToolCall(
        "id", (ObjectNode) Json.read(arguments), null, context, Duration.ofSeconds(30));
  }

  private void index(String id, String text) throws Exception {
    run("vector_index", Json.write(Map.of("id", id, "source", text)));
  }

  private String query(String fields) throws Exception {
    return run("vector_query", fields);
  }

  private String run(String name, String fields) throws Exception {
    PreTool tool =
        memory().preTools().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    context = new FakeStepContext(state).inside(chain, 0);
    return tool.run(
        new PreToolCall((ObjectNode) Json.read(fields), state, context, Duration.ofSeconds(30)));
  }

  private Memory memory() {
    return new Memory(
        () -> database,
        new Memory.Surroundings(
            _ -> owner,
            (path, _) ->
                path.equals("notes.md") ? Optional.of("A hedgehog lives here.") : Optional.empty(),
            embedder));
  }
}
