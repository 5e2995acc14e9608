package io.windlass.model;

import io.windlass.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What the real command lines are told by a local server in place of their vendors'. */
public final class ProgramStub {
  static final StubReply NOTHING = StubReply.body(200, "text/plain", "");

  private ProgramStub() {}

  /**
   * The programs, asked through a stub.
   *
   * @param home where they keep what they know
   */
  public static Models models(OpenAiStub stub, Path home) throws Exception {
    String root = stub.baseUrl().toString().replace("/v1", "");
    Path codex = Files.createDirectories(home.resolve("codex"));
    Files.writeString(
        codex.resolve("config.toml"),
        """
        model_provider = "local"
        check_for_update_on_startup = false
        [analytics]
        enabled = false
        [model_providers.local]
        name = "local"
        base_url = "%s/v1"
        wire_api = "responses"
        env_key = "CODEX_LOCAL_KEY"
        request_max_retries = 0
        stream_max_retries = 0
        """
            .formatted(root));
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDLASS_CLAUDE_COMMAND", NodePrograms.program("claude").toString());
    environment.put("WINDLASS_CODEX_COMMAND", NodePrograms.program("codex").toString());
    environment.put("ANTHROPIC_BASE_URL", root);
    environment.put("ANTHROPIC_API_KEY", "test");
    environment.put("CLAUDE_CONFIG_DIR", home.resolve("claude").toString());
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("CLAUDE_CODE_MAX_RETRIES", "0");
    environment.put("DISABLE_AUTOUPDATER", "1");
    environment.put("CODEX_HOME", codex.toString());
    environment.put("CODEX_LOCAL_KEY", "test");
    return new Models(ModelConfig.read(environment, Map.of()), OpenAiCase.CLOCK);
  }

  /** Answers questions to a model in turn, and everything else with nothing. */
  public static OpenAiStub messages(String... answers) {
    AtomicInteger next = new AtomicInteger();
    return OpenAiStub.answering(request ->
        request.body().isEmpty()
            ? NOTHING
            : StubReply.body(
                200,
                "text/event-stream",
                answers[Math.min(next.getAndIncrement(), answers.length - 1)]));
  }

  /** A text as Anthropic streams it. */
  public static String said(String... pieces) {
    StringBuilder block =
        new StringBuilder(
            event(
                "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}"));
    for (String piece : pieces) {
      block.append(
          event(
              "{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'%s'}}"
                  .formatted(piece)));
    }
    return message(block.toString(), "end_turn");
  }

  /** A call of one of the program's tools, likewise. */
  static String called(String tool, String arguments) {
    return message(
        event(
                "{'type':'content_block_start','index':0,'content_block':{'type':'tool_use','id':'toolu_1','name':'%s','input':{}}}"
                    .formatted(tool))
            + event(
                "{'type':'content_block_delta','index':0,'delta':{'type':'input_json_delta','partial_json':%s}}"
                    .formatted(Json.write(arguments))),
        "tool_use");
  }

  private static String message(String block, String reason) {
    return event(
            "{'type':'message_start','message':{'id':'msg_1','type':'message','role':'assistant','model':'claude-fake-1','content':[],'stop_reason':null,'usage':{'input_tokens':100,'output_tokens':1}}}")
        + block
        + event("{'type':'content_block_stop','index':0}")
        + event(
            "{'type':'message_delta','delta':{'stop_reason':'%s','stop_sequence':null},'usage':{'output_tokens':20}}"
                .formatted(reason))
        + event("{'type':'message_stop'}");
  }

  /** A text as OpenAI's responses API streams it. */
  public static OpenAiStub responses(String text) {
    String item =
        "{'id':'m1','type':'message','role':'assistant','status':'completed','content':[{'type':'output_text','text':'%s','annotations':[]}]}"
            .formatted(text);
    return messages(
        event("{'type':'response.created','response':{'id':'r1'}}")
            + event(
                "{'type':'response.output_item.added','output_index':0,'item':{'id':'m1','type':'message','role':'assistant','status':'in_progress','content':[]}}")
            + event(
                "{'type':'response.output_text.delta','item_id':'m1','output_index':0,'content_index':0,'delta':'%s'}"
                    .formatted(text))
            + event("{'type':'response.output_item.done','output_index':0,'item':" + item + "}")
            + event(
                "{'type':'response.completed','response':{'id':'r1','usage':{'input_tokens':100,'input_tokens_details':{'cached_tokens':90},'output_tokens':20,'output_tokens_details':{'reasoning_tokens':0},'total_tokens':120}}}"));
  }

  /** An event named by its type. */
  private static String event(String data) {
    String json = data.replace('\'', '"');
    return "event: " + Json.read(json).path("type").asString() + "\ndata: " + json + "\n\n";
  }
}
