package io.windlass.graph;

import static io.windlass.chain.Shape.AMOUNT;
import static io.windlass.chain.Shape.ANYTHING;
import static io.windlass.chain.Shape.COUNT;
import static io.windlass.chain.Shape.FILLED_TEXT;
import static io.windlass.chain.Shape.FLAG;
import static io.windlass.chain.Shape.TEXT;
import static io.windlass.chain.Shape.TEXTS;
import static io.windlass.chain.Shape.fields;
import static io.windlass.chain.Shape.oneOf;

import io.windlass.chain.Shape;
import io.windlass.chain.Shape.Either;
import io.windlass.chain.Shape.Fields;
import io.windlass.chain.Shape.ListOf;
import io.windlass.chain.Shape.MapOf;

/** The fields of a graph document; those of single node types are checked by the types. */
final class GraphSchema {
  private static final Shape TYPE =
      oneOf("any", "string", "text", "number", "integer", "boolean", "array", "list", "object");
  private static final Shape CHANNEL =
      new Either(
          TYPE,
          fields()
              .optional(TYPE, "type")
              .optional(oneOf("replace", "append", "merge", "add"), "reducer")
              .optional(ANYTHING, "default")
              .optional(TEXT, "description")
              .closed(),
          "a type, or an object with type, reducer and default");
  private static final Shape PLACES =
      new Either(FILLED_TEXT, new ListOf(FILLED_TEXT), "the name of a node or a list of names");
  private static final Shape OUTPUT =
      new Either(
          FILLED_TEXT,
          new Either(TEXTS, new MapOf(TEXT), ""),
          "a channel, a list of channels, or an object of channels and paths");
  private static final Shape RETRY =
      new Either(
          COUNT,
          fields().optional(COUNT, "max", "delay_ms").optional(AMOUNT, "backoff").closed(),
          "how many attempts, or an object with max, delay_ms and backoff");

  private static final Fields NODE =
      fields()
          .required("name", FILLED_TEXT)
          .required("type", FILLED_TEXT)
          .optional(TEXT, "label", "condition", "early_exit_if", "router")
          .optional(OUTPUT, "output")
          .optional(RETRY, "retry")
          .optional(AMOUNT, "timeout")
          .optional(oneOf("repeat", "ask", "fail"), "on_recovery")
          .open();

  private static final Fields EDGE =
      fields()
          .required("from", PLACES)
          .optional(PLACES, "to", "else")
          .optional(TEXT, "condition", "router", "label")
          .optional(new MapOf(PLACES), "routes")
          .optional(new Either(FLAG, PLACES, "true, or the name of a node"), "default")
          .closed();

  static final Fields GRAPH =
      fields()
          .required("name", new Shape.Text(1, true))
          .optional(TEXT, "display_name", "description", "category", "version")
          .optional(TEXTS, "tags")
          .optional(new MapOf(ANYTHING), "input_schema", "output_schema")
          .optional(new MapOf(CHANNEL), "state")
          .optional(COUNT, "recursion_limit")
          .optional(AMOUNT, "timeout")
          .required("nodes", new ListOf(NODE))
          .required("edges", new ListOf(EDGE))
          .optional(ANYTHING, "output")
          .closed();

  /** The routes of a node. */
  static final Fields ROUTES =
      fields().optional(new MapOf(PLACES), "routes").optional(PLACES, "default").open();

  private GraphSchema() {}
}
