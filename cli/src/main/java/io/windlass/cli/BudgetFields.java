package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** The options that say what a budget can be changed to. */
final class BudgetFields {
  @Option(
      names = "--limit",
      paramLabel = "AMOUNT",
      description = "How much there is in each window: dollars, or tokens with --unit tokens.")
  private @Nullable String limit;

  @Option(
      names = "--at-cap",
      paramLabel = "WHAT",
      description = "ask: the step waits for an approval; fail: it fails.")
  private @Nullable String atCap;

  @Option(
      names = "--raise-by",
      paramLabel = "AMOUNT",
      description =
          "By how much an approval raises the cap of its window; as the limit if not said.")
  private @Nullable String raiseBy;

  @Option(names = "--label", paramLabel = "TEXT", description = "What people read.")
  private @Nullable String label;

  /** The fields that were given. */
  ObjectNode draft() {
    ObjectNode draft = Documents.object();
    put(draft, "label", label);
    put(draft, "limit", limit);
    put(draft, "at_cap", atCap);
    put(draft, "raise_by", raiseBy);
    return draft;
  }

  static void put(ObjectNode draft, String name, @Nullable String value) {
    if (value != null) {
      draft.put(name, value);
    }
  }
}
