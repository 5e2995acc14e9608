package io.windlass.cli;

import static io.windlass.cli.StubServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GenerateCommandTest {
  private static final String ASKED =
      """
      {"status": "questions", "sessionId": "gen-1", "questions": ["Which page?", "How long?"]}\
      """;
  private static final String CREATED =
      """
      {"status": "created", "sessionId": "gen-1", "chainName": "page-summary",
       "yaml": "name: Page summary\\n", "summary": "Reads a page."}\
      """;
  private final StubServer stub = new StubServer();

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void printsTheChainThatTheModelWrote() {
    stub.on("POST /generate-chain", json(200, CREATED));

    var told = Shell.at(stub).run("generate", "summarise a page");

    assertThat(told.exit()).isZero();
    assertThat(stub.request("POST /generate-chain").body())
        .isEqualTo("{\"description\":\"summarise a page\"}");
    assertThat(told.out()).isEqualTo("name: Page summary\n");
    assertThat(told.err()).isEqualTo("saved as chain page-summary\nReads a page.\n");
  }

  @Test
  void asksThePersonAtTheKeyboardWhatTheModelAsks() {
    stub.on("POST /generate-chain", json(200, ASKED), json(200, ASKED), json(200, CREATED));
    var keyboard =
        new ByteArrayInputStream("any\nshort\nthis one\nlong\n".getBytes(StandardCharsets.UTF_8));

    var told = Shell.at(stub).atTerminal(keyboard).run("generate", "summarise");

    assertThat(told.exit()).isZero();
    assertThat(told.err()).contains("Which page? How long? ");
    assertThat(stub.requests())
        .extracting(StubServer.Request::body)
        .containsExactly(
            "{\"description\":\"summarise\"}",
            "{\"sessionId\":\"gen-1\",\"answers\":[\"any\",\"short\"]}",
            "{\"sessionId\":\"gen-1\",\"answers\":[\"this one\",\"long\"]}");
  }

  @Test
  void saysHowToAnswer_whereNobodySitsAtAKeyboard() {
    stub.on("POST /generate-chain", json(200, ASKED), json(200, CREATED));

    var asked = Shell.at(stub).run("generate", "summarise");

    assertThat(asked.exit()).isEqualTo(1);
    assertThat(asked.out()).isEmpty();
    assertThat(asked.err())
        .contains("1. Which page?", "2. How long?")
        .contains("windlass generate --session gen-1 --answer TEXT --answer TEXT");
    var told =
        Shell.at(stub)
            .run("generate", "--session", "gen-1", "--answer", "any", "--answer", "short");
    assertThat(told.exit()).isZero();
    assertThat(stub.requests().getLast().body())
        .isEqualTo("{\"sessionId\":\"gen-1\",\"answers\":[\"any\",\"short\"]}");
  }

  @Test
  void refusesWhatIsNeitherADescriptionNorAnAnswer() {
    for (String[] wrong :
        new String[][] {
          {"generate"},
          {"generate", "--session", "gen-1"},
          {"generate", "--answer", "any"},
          {"generate", "a chain", "--session", "gen-1", "--answer", "any"}
        }) {
      assertThat(Shell.at(stub).run(wrong).exit()).as(String.join(" ", wrong)).isEqualTo(2);
    }
    assertThat(stub.requests()).isEmpty();
  }
}
