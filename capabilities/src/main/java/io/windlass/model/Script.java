package io.windlass.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answers of the scripted model, from a YAML or JSON file.
 *
 * @param strict whether a prompt that no entry matches fails; otherwise {@code otherwise} answers
 * @param otherwise the text for unmatched prompts when not strict
 * @param answers tried in order; the first that matches and is not used up answers
 */
public record Script(@Nullable Boolean strict, @Nullable String otherwise, List<Entry> answers) {
  private static final int LARGEST = 32 << 20;
  private static final JsonMapper MAPPER =
      Json.MAPPER.rebuild().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  public Script {
    answers = answers == null ? List.of() : List.copyOf(answers);
  }

  /**
   * One scripted answer. It matches when every one of its conditions that is given does: {@code
   * step}, {@code model}, {@code turn}, {@code tool}, {@code variable}, {@code contains}, {@code
   * match}.
   *
   * @param step id of the asking step
   * @param model the model's name as the step has it
   * @param turn which answer of the conversation this is, from 1; unlike {@code times} it holds
   *     when a run goes on in another process
   * @param tool answers in a dry run in place of a pre-tool, or of a step that acts, of this type;
   *     such an entry never answers for a model
   * @param variable the pre-tool's {@code inject_as}
   * @param contains text that the prompt, or what the tool would do, holds
   * @param match regular expression found in it
   * @param times how often it may answer; null for ever
   * @param text the answer
   * @param chunks the answer in the pieces in which it is streamed, instead of {@code text}
   * @param chunkSize streams {@code text} in pieces of so many characters
   * @param delayMs before the first piece
   * @param chunkDelayMs between pieces
   * @param inputTokens reported as sent
   * @param outputTokens reported as received
   * @param calls the tools that the answer asks for
   * @param finish {@code stop}, {@code length}, {@code filtered}, {@code tool}, {@code other}
   * @param failure fails the call after its pieces
   */
  public record Entry(
      @Nullable String step,
      @Nullable String model,
      @Nullable Integer turn,
      @Nullable String tool,
      @Nullable String variable,
      @Nullable String contains,
      @Nullable Pattern match,
      @Nullable Integer times,
      @Nullable String text,
      @Nullable List<String> chunks,
      @JsonProperty("chunk_size") @Nullable Integer chunkSize,
      @JsonProperty("delay_ms") long delayMs,
      @JsonProperty("chunk_delay_ms") long chunkDelayMs,
      @JsonProperty("input_tokens") long inputTokens,
      @JsonProperty("output_tokens") long outputTokens,
      List<Call> calls,
      @Nullable String finish,
      @Nullable Failure failure) {
    public Entry {
      calls = calls == null ? List.of() : List.copyOf(calls);
      chunks = chunks == null ? null : List.copyOf(chunks);
    }
  }

  /**
   * A scripted wish that a tool be called.
   *
   * @param name the tool's name
   * @param arguments a map; or a text that is passed on as it is, JSON or not; null for none
   * @param id the call's id; null for one that is made
   */
  public record Call(String name, @Nullable JsonNode arguments, @Nullable String id) {
    /** As a model would write them. */
    String text() {
      if (arguments == null || arguments.isNull()) {
        return "{}";
      }
      return arguments.isString() ? arguments.stringValue() : Json.write(arguments);
    }
  }

  /**
   * A scripted failure.
   *
   * @param status the HTTP status that it stands for; 0 for a broken connection
   * @param message what is told
   */
  public record Failure(int status, @Nullable String message) {}

  /** Whether an unmatched prompt fails, which is the rule unless the file says otherwise. */
  public boolean isStrict() {
    return strict == null || strict;
  }

  /**
   * Reads a script.
   *
   * @throws WindlassException INVALID_INPUT when the file is unreadable, naming it and the fault
   */
  public static Script load(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw invalid(file.toString(), "larger than " + LARGEST + " bytes", null);
      }
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw invalid(file.toString(), "cannot be read (" + e + "); check models.script", e);
    }
  }

  /** Reads a script from its text; {@code source} names it in errors. */
  public static Script parse(String source, String text) {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(LARGEST).build();
    try {
      Object tree = new Load(settings).loadFromString(text);
      Script script = MAPPER.treeToValue(Json.tree(tree), Script.class);
      if (script == null || script.answers.isEmpty() && script.isStrict()) {
        throw invalid(source, "answers: at least one is needed", null);
      }
      script.answers.forEach(entry -> check(source, script.answers.indexOf(entry), entry));
      return script;
    } catch (YamlEngineException e) {
      throw invalid(source, String.valueOf(e.getMessage()), e);
    } catch (UnrecognizedPropertyException e) {
      String known =
          e.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .sorted()
              .collect(Collectors.joining(", "));
      throw invalid(source, place(e) + ": unknown field; known are " + known, e);
    } catch (JacksonException e) {
      throw invalid(source, place(e) + ": " + Json.fault(e), e);
    }
  }

  private static String place(JacksonException e) {
    return e.getPath().stream()
        .map(at -> at.getPropertyName() == null ? "" + at.getIndex() : at.getPropertyName())
        .collect(Collectors.joining("."));
  }

  private static void check(String source, int place, Entry entry) {
    String where = "answers." + place + ": ";
    if (entry.text == null
        && entry.chunks == null
        && entry.calls.isEmpty()
        && entry.failure == null) {
      throw invalid(source, where + "needs text, chunks, calls or failure", null);
    }
    for (Call call : entry.calls) {
      if (call.name == null || call.name.isBlank()) {
        throw invalid(source, where + "calls: each needs the name of a tool", null);
      }
    }
    if (entry.tool != null && !entry.calls.isEmpty()) {
      throw invalid(source, where + "calls are a model's; give a tool's answer as text", null);
    }
    if (entry.turn != null && entry.turn < 1) {
      throw invalid(source, where + "turn counts from 1", null);
    }
    if (entry.tool != null && entry.failure != null) {
      throw invalid(source, where + "failure is for models; give a tool's answer as text", null);
    }
    if (entry.variable != null && entry.tool == null) {
      throw invalid(source, where + "variable goes with tool", null);
    }
    if (entry.chunkSize != null && entry.chunkSize < 1) {
      throw invalid(source, where + "chunk_size must be at least 1", null);
    }
    if (entry.delayMs < 0 || entry.chunkDelayMs < 0) {
      throw invalid(source, where + "a delay cannot be negative", null);
    }
    if (entry.finish != null && ScriptedModel.finish(entry.finish) == null) {
      throw invalid(
          source,
          where + "finish must be stop, length, filtered, tool or other: " + entry.finish,
          null);
    }
  }

  private static WindlassException invalid(
      String source, String reason, @Nullable Throwable cause) {
    return new WindlassException(
        ErrorCode.INVALID_INPUT, "Model script " + source + ": " + reason, cause);
  }
}
