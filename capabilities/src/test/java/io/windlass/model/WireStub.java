package io.windlass.model;

import io.windlass.kernel.Json;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Answers of the same content in the streaming format of each provider, for one stub server. */
public enum WireStub {
  OPENAI,
  ANTHROPIC,
  GEMINI,
  OLLAMA;

  /** The name of one of its models. */
  public String model(String name) {
    return name().toLowerCase(java.util.Locale.ROOT) + "/" + name;
  }

  /** Whether a request is for the model of that name. */
  public boolean asks(OpenAiStub.Request request, String name) {
    return request.model().equals(name) || request.path().contains("/models/" + name + ":");
  }

  /** All four, asked at the stub; a call is repeated once within itself. */
  public static Models models(OpenAiStub stub) {
    String v1 = stub.baseUrl().toString();
    String root = v1.replace("/v1", "");
    return new Models(
        ModelConfig.read(
            Map.of(
                "OPENAI_BASE_URL",
                v1,
                "OPENAI_API_KEY",
                "k",
                "ANTHROPIC_BASE_URL",
                root,
                "ANTHROPIC_API_KEY",
                "k",
                "GEMINI_BASE_URL",
                root + "/v1beta",
                "GEMINI_API_KEY",
                "k",
                "OLLAMA_HOST",
                root,
                "WINDLASS_MODEL_RETRIES",
                "1"),
            Map.of()),
        InstantSource.system());
  }

  /** A whole answer: 10 tokens sent, 5 received. */
  public StubReply said(String text) {
    return this == OPENAI ? StubReply.text(text).tokens(10, 5) : raw(begun(text) + ended(false));
  }

  /** The beginning of an answer, after which the connection breaks. */
  public StubReply broken(String text) {
    return (this == OPENAI ? StubReply.text(text) : raw(begun(text))).ending(StubReply.Ending.DROP);
  }

  /** An answer that asks for tools; arguments go out as they are, be they JSON or not. */
  public StubReply calls(List<ToolUse> calls) {
    if (this == OPENAI) {
      String[] deltas = new String[calls.size()];
      for (int i = 0; i < deltas.length; i++) {
        ToolUse call = calls.get(i);
        deltas[i] =
            "{\"tool_calls\":[{\"index\":%d,\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"%s\",\"arguments\":%s}}]}"
                .formatted(i, call.id(), call.name(), Json.write(call.arguments()));
      }
      return StubReply.calls(deltas);
    }
    StringBuilder body = new StringBuilder(begun(""));
    for (int i = 0; i < calls.size(); i++) {
      body.append(asked(i + 1, calls.get(i)));
    }
    return raw(body + ended(true));
  }

  private StubReply raw(String body) {
    return StubReply.body(200, this == OLLAMA ? "application/x-ndjson" : "text/event-stream", body);
  }

  private String begun(String text) {
    String quoted = Json.write(text);
    return switch (this) {
      case OPENAI -> "";
      case ANTHROPIC ->
          event(
                  "{'type':'message_start','message':{'id':'msg_1','type':'message','role':'assistant','model':'x','content':[],'stop_reason':null,'usage':{'input_tokens':10,'output_tokens':1}}}",
                  "")
              + event(
                  "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}",
                  "")
              + event(
                  "{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':%s}}",
                  quoted);
      case GEMINI ->
          data(
              "{'candidates':[{'content':{'role':'model','parts':[{'text':%s}]},'index':0}]}",
              quoted);
      case OLLAMA ->
          line("{'model':'x','message':{'role':'assistant','content':%s},'done':false}", quoted);
    };
  }

  private String asked(int index, ToolUse call) {
    String arguments = call.arguments();
    String object = isJson(arguments) ? arguments : Json.write(arguments);
    String name = Json.write(call.name());
    return switch (this) {
      case OPENAI -> "";
      case ANTHROPIC ->
          event("{'type':'content_block_stop','index':%s}", Integer.toString(index - 1))
              + event(
                  "{'type':'content_block_start','index':"
                      + index
                      + ",'content_block':{'type':'tool_use','id':'"
                      + call.id()
                      + "','name':%s,'input':{}}}",
                  name)
              + event(
                  "{'type':'content_block_delta','index':"
                      + index
                      + ",'delta':{'type':'input_json_delta','partial_json':%s}}",
                  Json.write(arguments))
              + event("{'type':'content_block_stop','index':%s}", Integer.toString(index));
      case GEMINI ->
          data(
              "{'candidates':[{'content':{'role':'model','parts':[{'functionCall':{'name':%s}}]},'index':0}]}",
              new StringJoiner(",\"args\":").add(name).add(object).toString());
      case OLLAMA ->
          line(
              "{'model':'x','message':{'role':'assistant','content':'','tool_calls':[{'function':{'name':%s}}]},'done':false}",
              new StringJoiner(",\"arguments\":").add(name).add(object).toString());
    };
  }

  private String ended(boolean called) {
    return switch (this) {
      case OPENAI -> "";
      case ANTHROPIC ->
          event(
                  "{'type':'message_delta','delta':{'stop_reason':%s,'stop_sequence':null},'usage':{'output_tokens':5}}",
                  called ? "\"tool_use\"" : "\"end_turn\"")
              + event("{'type':'message_stop'}", "");
      case GEMINI ->
          data(
              "{'candidates':[{'content':{'parts':[{'text':%s}],'role':'model'},'finishReason':'STOP','index':0}],'usageMetadata':{'promptTokenCount':10,'candidatesTokenCount':5,'totalTokenCount':15}}",
              "\"\"");
      case OLLAMA ->
          line(
              "{'model':'x','message':{'role':'assistant','content':%s},'done_reason':'stop','done':true,'prompt_eval_count':10,'eval_count':5}",
              "\"\"");
    };
  }

  private static boolean isJson(String text) {
    try {
      return Json.read(text).isContainer();
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static String event(String pattern, String value) {
    String data = pattern.replace('\'', '"').replace("%s", value);
    return "event: " + Json.read(data).path("type").asString() + "\ndata: " + data + "\n\n";
  }

  private static String data(String pattern, String value) {
    return "data: " + pattern.replace('\'', '"').replace("%s", value) + "\n\n";
  }

  private static String line(String pattern, String value) {
    return pattern.replace('\'', '"').replace("%s", value) + "\n";
  }
}
