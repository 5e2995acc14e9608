package io.windlass.model;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before all models of one provider: bounds how many calls it gets at a time, repeats those
 * whose failure may pass and of which nothing was heard yet, and spares a provider that is down.
 */
final class GuardedProvider {
  /** A provider that asks for a longer wait is not waited for within a call. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private final String name;
  private final Limits limits;
  private final Circuit circuit;
  private final @Nullable Semaphore places;

  GuardedProvider(String name, Limits limits, InstantSource clock) {
    this.name = name;
    this.limits = limits;
    this.circuit = new Circuit(clock);
    this.places = limits.concurrent() > 0 ? new Semaphore(limits.concurrent(), true) : null;
  }

  Circuit circuit() {
    return circuit;
  }

  LanguageModel guard(LanguageModel model) {
    return (request, pieces) -> ask(model, request, pieces);
  }

  private ModelAnswer ask(LanguageModel model, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    boolean[] heard = {false};
    Consumer<String> listening =
        piece -> {
          heard[0] = true;
          pieces.accept(piece);
        };
    for (int repeated = 0; ; repeated++) {
      ModelFailure failure;
      try {
        return once(model, request, listening);
      } catch (ModelFailure e) {
        failure = e;
      }
      Duration wait = failure.retryAfter().orElse(FIRST_WAIT.multipliedBy(1L << repeated));
      if (heard[0]
          || repeated >= limits.retries()
          || !passes(failure.kind())
          || wait.compareTo(LONGEST_WAIT) > 0) {
        if (failure.kind() == ModelFailure.Kind.RATE_LIMITED) {
          // Only now, since a burst of calls is refused in part even where all is well.
          circuit.failed(failure.text(), failure.retryAfter().orElse(null));
        }
        throw failure;
      }
      // So that calls which were refused together do not come back together.
      Thread.sleep(wait.plusMillis(ThreadLocalRandom.current().nextLong(1 + wait.toMillis() / 5)));
    }
  }

  private ModelAnswer once(LanguageModel model, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    if (places != null) {
      places.acquire();
    }
    try {
      return throughCircuit(model, request, pieces);
    } finally {
      if (places != null) {
        places.release();
      }
    }
  }

  private ModelAnswer throughCircuit(
      LanguageModel model, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    if (!circuit.enter()) {
      throw new ModelFailure(
          ModelFailure.Kind.PAUSED,
          "%s failed %d times in a row and is not asked for another %d s; see whether it is up, or name fallback_models. The last failure: %s"
              .formatted(name, Circuit.FAILURES, circuit.rest().toSeconds() + 1, circuit.reason()),
          0,
          circuit.rest(),
          null);
    }
    boolean told = false;
    try {
      ModelAnswer answer = model.ask(request, pieces);
      told = true;
      circuit.succeeded();
      return answer;
    } catch (ModelFailure failure) {
      told = true;
      if (isDown(failure.kind())) {
        circuit.failed(failure.text(), failure.retryAfter().orElse(null));
      } else if (failure.kind() == ModelFailure.Kind.RATE_LIMITED) {
        circuit.left();
      } else {
        circuit.succeeded();
      }
      throw failure;
    } finally {
      if (!told) {
        circuit.left();
      }
    }
  }

  private static boolean passes(ModelFailure.Kind kind) {
    return kind == ModelFailure.Kind.RATE_LIMITED || isDown(kind);
  }

  private static boolean isDown(ModelFailure.Kind kind) {
    return kind == ModelFailure.Kind.SERVER || kind == ModelFailure.Kind.CONNECTION;
  }
}
