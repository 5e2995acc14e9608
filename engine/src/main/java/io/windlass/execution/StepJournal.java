package io.windlass.execution;

import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.kernel.Json;
import io.windlass.step.StepOutcome;
import java.util.List;
import java.util.concurrent.CancellationException;

/** What one attempt of a step writes to the journal, until it is closed to it. */
final class StepJournal {
  private final ExecutionLog journal;
  private final OutputPieces output;
  private volatile boolean closed;

  StepJournal(NodeProgress progress, ExecutionLog journal, OutputFlusher flusher) {
    this.journal = journal;
    this.output = new OutputPieces(progress, journal, flusher);
  }

  synchronized ExecutionLog.Durable append(Event event) {
    if (closed) {
      throw new CancellationException("the step has been stopped");
    }
    return journal.append(List.of(event));
  }

  void output(String chunk) {
    if (!closed) {
      output.add(chunk);
    }
  }

  void retell(String text) {
    if (!closed) {
      output.retell(text);
    }
  }

  /** Takes no more output; what is gathered is stored unless the step's result holds it. */
  void endOutput(StepOutcome outcome) {
    if (output.isGathering()
        && !(outcome instanceof StepOutcome.Done done
            && output.isBeginningOf(Json.show(done.output())))) {
      output.flush();
    }
    output.end();
  }

  /** From here on the step cannot write anything. */
  synchronized void close() {
    closed = true;
    output.end();
  }
}
