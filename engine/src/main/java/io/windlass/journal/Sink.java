package io.windlass.journal;

import io.windlass.kernel.ExecutionId;
import java.time.Instant;

/** Where the appends of execution logs go. */
interface Sink {
  Instant now();

  /** Takes an append, in the order of its log; its waiter is released once it is kept. */
  void add(Append append);

  /** Shows a piece of output that is not kept yet. */
  void live(ExecutionId execution, Event.StepOutput output);
}
