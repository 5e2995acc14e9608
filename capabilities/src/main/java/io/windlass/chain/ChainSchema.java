package io.windlass.chain;

import static io.windlass.chain.Shape.AMOUNT;
import static io.windlass.chain.Shape.ANYTHING;
import static io.windlass.chain.Shape.COUNT;
import static io.windlass.chain.Shape.FILLED_TEXT;
import static io.windlass.chain.Shape.FLAG;
import static io.windlass.chain.Shape.STRICT_TEXT;
import static io.windlass.chain.Shape.TEXT;
import static io.windlass.chain.Shape.TEXTS;
import static io.windlass.chain.Shape.fields;
import static io.windlass.chain.Shape.oneOf;

import io.windlass.chain.Shape.Either;
import io.windlass.chain.Shape.Fields;
import io.windlass.chain.Shape.ListOf;
import io.windlass.chain.Shape.MapOf;
import io.windlass.chain.Shape.TextOrJson;
import java.util.regex.Pattern;

/** Every field of the chain document, of its inputs and of its step types. */
final class ChainSchema {
  private static final Shape TEXT_OR_JSON = new TextOrJson();

  private static final Shape STRATEGY =
      new Shape.Formed(
          Pattern.compile("\\s*(?:full|summarize|truncate:\\s*[0-9]{1,9})\\s*"),
          "full, summarize or truncate:N with a number of characters");

  static final Fields INPUT =
      fields()
          .required("name", FILLED_TEXT)
          .optional(TEXT, "description", "placeholder", "pattern")
          .optional(FLAG, "optional")
          .optional(
              oneOf("string", "text", "number", "boolean", "enum", "file", "image", "json", "url"),
              "type")
          .optional(TEXT_OR_JSON, "default")
          .optional(new ListOf(TEXT), "enum")
          .optional(new Shape.Number(-1e15, false), "min", "max")
          .optional(COUNT, "min_length", "max_length")
          .optional(ANYTHING, "enum_labels", "examples", "accepts", "max_file_size")
          .closed();

  private static final Fields PRE_TOOL =
      fields()
          .required("type", FILLED_TEXT)
          .required("inject_as", FILLED_TEXT)
          .optional(TEXT, "label")
          .optional(oneOf("inject", "skip", "fail"), "on_error")
          .optional(COUNT, "timeout_ms", "retry")
          .optional(AMOUNT, "cache_ttl_minutes")
          .optional(FLAG, "parallel")
          .open();

  static final Fields STEP =
      fields()
          .required("id", FILLED_TEXT)
          .required("prompt", FILLED_TEXT)
          .required("output_var", FILLED_TEXT)
          .optional(
              oneOf(
                  "agent",
                  "router",
                  "gate",
                  "evaluator",
                  "transform",
                  "loop",
                  "merge",
                  "browser",
                  "subchain",
                  "debate",
                  "webhook",
                  "image_gen",
                  // ours
                  TransformKind.GATHER),
              "type")
          // common
          .optional(TEXT, "label", "model", "cwd", "condition", "early_exit_if")
          .optional(TEXTS, "tools", "approve_tools", "depends_on", "fallback_models")
          .optional(new ListOf(PRE_TOOL), "pre_tools")
          .optional(COUNT, "timeout_ms", "tool_timeout_ms", "max_turns")
          .optional(
              fields().optional(COUNT, "max", "delay_ms").optional(AMOUNT, "backoff").closed(),
              "retry")
          .optional(oneOf("repeat", "ask", "fail"), "on_recovery")
          .optional(
              new Either(
                  FLAG,
                  fields().optional(FLAG, "enabled").optional(AMOUNT, "ttl_minutes").closed(),
                  "an object with enabled and ttl_minutes"),
              "cache")
          .optional(new MapOf(STRATEGY), "context_strategy")
          .optional(
              new Either(
                  oneOf("json", "markdown", "text"),
                  new MapOf(ANYTHING),
                  "json, markdown, text or a JSON Schema"),
              "output_schema")
          .optional(new ListOf(TEXT), "output_must_contain", "output_must_not_contain")
          .optional(COUNT, "output_max_length")
          .optional(
              new ListOf(
                  fields()
                      .required(
                          "type",
                          oneOf(
                              "max_length",
                              "min_length",
                              "must_contain",
                              "must_not_contain",
                              "regex_match",
                              "json_valid"))
                      .optional(ANYTHING, "value")
                      .closed()),
              "guardrails")
          // router
          .optional(new MapOf(TEXTS), "routes")
          .optional(TEXT, "default_route")
          // gate
          .optional(AMOUNT, "timeout_hours")
          .optional(oneOf("error", "skip", "approve"), "on_timeout")
          .optional(TEXT, "gate_auto_approve_if", "gate_rejection_reason")
          .optional(ANYTHING, "gate_actions")
          // evaluator
          .optional(TEXT, "input_var", "criteria", "retry_target")
          .optional(oneOf("retry", "skip", "error", "continue"), "on_fail")
          .optional(COUNT, "max_retries")
          .optional(FLAG, "eval_scoring")
          .optional(AMOUNT, "eval_threshold")
          // transform
          .optional(TEXT, "operation", "json_path", "regex", "template_str")
          .optional(COUNT, "truncate_limit")
          // loop
          .optional(TEXT, "items_var", "loop_until")
          .optional(COUNT, "max_parallel")
          .optional(oneOf("continue", "abort"), "loop_on_error")
          .optional(ANYTHING, "step_template")
          // merge, and transform's merge
          .optional(
              new Either(TEXTS, new MapOf(TEXT), "a list or an object of variable names"), "inputs")
          .optional(
              oneOf("concatenate", "json_array", "llm_summarize", "pick_best", "consensus", "vote"),
              "strategy")
          // browser
          .optional(
              TEXT, "browser_url", "browser_task", "browser_page_name", "browser_cookies_domain")
          .optional(COUNT, "browser_max_steps", "browser_port", "browser_wait_ms")
          .optional(FLAG, "browser_headless")
          .optional(ANYTHING, "browser_viewport")
          .optional(oneOf("text", "markdown", "json", "screenshot"), "browser_output_format")
          .optional(oneOf("auto", "full", "none"), "browser_scroll_strategy")
          // subchain
          .optional(TEXT, "subchain", "chain")
          .optional(new MapOf(TEXT_OR_JSON), "subchain_input_map")
          // debate
          .optional(
              new ListOf(fields().required("prompt", FILLED_TEXT).optional(TEXT, "model").closed()),
              "debate_agents")
          .optional(COUNT, "debate_rounds")
          .optional(oneOf("voting", "consensus", "last_round"), "debate_decision")
          // image_gen
          .optional(TEXT, "image_size", "image_quality")
          // webhook
          .optional(STRICT_TEXT, "webhook_url", "url")
          .optional(oneOf("POST", "PUT", "PATCH", "GET", "DELETE"), "webhook_method")
          .optional(new MapOf(TEXT), "webhook_headers")
          .optional(TEXT_OR_JSON, "webhook_body")
          .optional(COUNT, "webhook_timeout_ms", "webhook_retry")
          .optional(new ListOf(COUNT), "webhook_success_status")
          .closed();

  static final Fields CHAIN = chain().required("output", STRICT_TEXT).closed();

  /** A chain that so far holds only notes of the editor: it can be saved, not run. */
  static final Fields CANVAS = chain().optional(STRICT_TEXT, "output").closed();

  private ChainSchema() {}

  private static Shape.Builder chain() {
    return fields()
        .required("name", new Shape.Text(1, true))
        .optional(TEXT, "description", "version")
        .optional(new ListOf(INPUT), "inputs")
        .required("steps", new ListOf(STEP))
        .optional(COUNT, "max_context_chars")
        .optional(ANYTHING, "canvas_items");
  }
}
