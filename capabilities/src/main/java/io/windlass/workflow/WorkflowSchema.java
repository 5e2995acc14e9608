package io.windlass.workflow;

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

import io.windlass.chain.Shape.Fields;
import io.windlass.chain.Shape.ListOf;
import io.windlass.chain.Shape.MapOf;

/** The fields of a workflow document. */
final class WorkflowSchema {
  private static final Fields RETRY =
      fields()
          .optional(COUNT, "max_retries")
          .optional(AMOUNT, "retry_delay")
          .optional(FLAG, "exponential_backoff")
          .closed();

  private static final Fields STEP =
      fields()
          .optional(COUNT, "step_number")
          .required("name", FILLED_TEXT)
          .optional(STRICT_TEXT, "description", "model", "prompt", "graph_name")
          .optional(AMOUNT, "estimated_duration", "timeout")
          .optional(new ListOf(COUNT), "dependencies")
          .optional(FLAG, "parallel_execution")
          .optional(RETRY, "retry_policy")
          .optional(TEXTS, "requires_mcp", "mcp_tools", "tools")
          .optional(new MapOf(ANYTHING), "input_schema", "output_schema", "graph_input")
          .closed();

  private static final Fields FIELD =
      fields()
          .required("name", FILLED_TEXT)
          .optional(STRICT_TEXT, "type", "description", "label", "placeholder")
          .optional(FLAG, "required")
          .optional(new MapOf(ANYTHING), "validation")
          .optional(ANYTHING, "default", "options", "enum")
          .closed();

  static final Fields WORKFLOW =
      fields()
          .required("name", FILLED_TEXT)
          .optional(STRICT_TEXT, "slug", "description", "graph_name")
          // A version is written as a number, as well.
          .optional(TEXT, "version")
          .optional(
              oneOf("business", "research", "education", "creative", "technical", "custom"),
              "category")
          .optional(TEXTS, "tags")
          .optional(oneOf("active", "archived", "draft"), "status")
          .required("strategy_definition", fields().required("steps", new ListOf(STEP)).open())
          .optional(new ListOf(FIELD), "input_fields")
          .optional(new MapOf(ANYTHING), "input_schema", "json_schema", "misc_data")
          .closed();

  private WorkflowSchema() {}
}
