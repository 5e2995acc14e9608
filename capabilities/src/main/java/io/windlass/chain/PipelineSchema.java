package io.windlass.chain;

import static io.windlass.chain.Shape.COUNT;
import static io.windlass.chain.Shape.FILLED_TEXT;
import static io.windlass.chain.Shape.FLAG;
import static io.windlass.chain.Shape.TEXT;
import static io.windlass.chain.Shape.TEXTS;
import static io.windlass.chain.Shape.fields;

import io.windlass.chain.Shape.Either;
import io.windlass.chain.Shape.Fields;
import io.windlass.chain.Shape.ListOf;
import io.windlass.chain.Shape.MapOf;
import io.windlass.chain.Shape.TextOrJson;

/** Every field of the pipeline document. */
final class PipelineSchema {
  private static final Fields REFERENCE =
      fields()
          .required("id", FILLED_TEXT)
          .required("chain", FILLED_TEXT)
          .optional(TEXT, "label", "condition")
          .optional(TEXTS, "depends_on")
          .optional(new MapOf(new TextOrJson()), "inputs")
          .optional(new Either(FLAG, COUNT, "true or a number of characters"), "summarize_output")
          .closed();

  static final Fields PIPELINE =
      fields()
          .required("name", new Shape.Text(1, true))
          .optional(TEXT, "description", "version")
          .optional(new ListOf(ChainSchema.INPUT), "inputs")
          .required("chains", new ListOf(REFERENCE))
          .required("output", FILLED_TEXT)
          .closed();

  private PipelineSchema() {}
}
