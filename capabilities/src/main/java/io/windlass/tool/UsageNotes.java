package io.windlass.tool;

import io.windlass.step.ForwardingContext;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * A step's context that notes what one call consumes instead of telling it: the call is an effect,
 * and what it consumed is told again whenever the effect is answered from the journal.
 */
final class UsageNotes extends ForwardingContext {
  private final List<Usage> usages = new ArrayList<>();

  UsageNotes(StepContext context) {
    super(context);
  }

  @Override
  public synchronized void use(Usage usage) {
    usages.add(usage);
  }

  /** What was consumed up to now. */
  synchronized List<Usage> taken() {
    return List.copyOf(usages);
  }
}
