package io.windlass.model;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before all models of one provider: bounds how many calls it gets at a time, repeats those
 * whose failure may pass and of which nothing was heard yet, and spares what is down: the provider
 * when it cannot be reached, else the one model that fails, since a proxy has others that are well.
 */
final class GuardedProvider {
  /** A provider that asks for a longer wait is not waited for within a call. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** Names may come out of templates; the ones asked longest ago are forgotten. */
  private static final int MOST_MODELS = 1000;

  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private final String name;
  private final Limits limits;
  private final InstantSource clock;
  private final Circuit whole;
  private final SequencedMap<String, Circuit> models = new LinkedHashMap<>(16, 0.75f, true);
  private final @Nullable Semaphore places;

  GuardedProvider(String name, Limits limits, InstantSource clock) {
    this.name = name;
    this.limits = limits;
    this.clock = clock;
    this.whole = new Circuit(clock);
    this.places = limits.concurrent() > 0 ? new Semaphore(limits.concurrent(), true) : null;
  }

  /** How it was when it was last asked, and which of its models are not well; for people. */
  List<String> health() {
    List<String> health = new ArrayList<>(List.of(name + " " + whole.state().told()));
    synchronized (models) {
      models.forEach((model, circuit) -> {
        if (circuit.state() != Circuit.State.CLOSED) {
          health.add(label(model) + " " + circuit.state().told());
        }
      });
    }
    return health;
  }

  /**
   * @param called the model's name here; empty for the provider's own choice
   */
  LanguageModel guard(String called, LanguageModel model) {
    return (request, pieces) -> ask(called, model, request, pieces);
  }

  private Circuit circuit(String called) {
    synchronized (models) {
      Circuit circuit = models.computeIfAbsent(called, _ -> new Circuit(clock));
      if (models.size() > MOST_MODELS) {
        models.pollFirstEntry();
      }
      return circuit;
    }
  }

  private String label(String called) {
    return called.isEmpty() ? name + " with its own model" : name + "/" + called;
  }

  private ModelAnswer ask(
      String called, LanguageModel model, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    Circuit own = circuit(called);
    boolean[] heard = {false};
    Consumer<String> listening =
        piece -> {
          heard[0] = true;
          pieces.accept(piece);
        };
    for (int repeated = 0; ; repeated++) {
      ModelFailure failure;
      try {
        return once(called, own, model, request, listening);
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
          own.failed(failure.text(), failure.retryAfter().orElse(null));
        }
        throw failure;
      }
      // So that calls which were refused together do not come back together.
      Thread.sleep(wait.plusMillis(ThreadLocalRandom.current().nextLong(1 + wait.toMillis() / 5)));
    }
  }

  private ModelAnswer once(
      String called,
      Circuit own,
      LanguageModel model,
      ModelRequest request,
      Consumer<String> pieces)
      throws InterruptedException {
    if (places != null) {
      places.acquire();
    }
    try {
      return throughCircuits(called, own, model, request, pieces);
    } finally {
      if (places != null) {
        places.release();
      }
    }
  }

  private ModelAnswer throughCircuits(
      String called,
      Circuit own,
      LanguageModel model,
      ModelRequest request,
      Consumer<String> pieces)
      throws InterruptedException {
    if (!whole.enter()) {
      throw paused(name, whole);
    }
    if (!own.enter()) {
      whole.left();
      throw paused(label(called), own);
    }
    boolean told = false;
    try {
      ModelAnswer answer = model.ask(request, pieces);
      told = true;
      whole.succeeded();
      own.succeeded();
      return answer;
    } catch (ModelFailure failure) {
      told = true;
      count(failure, own);
      throw failure;
    } finally {
      if (!told) {
        whole.left();
        own.left();
      }
    }
  }

  private void count(ModelFailure failure, Circuit own) {
    Duration pause = failure.retryAfter().orElse(null);
    switch (failure.kind()) {
      case UNREACHABLE -> {
        whole.failed(failure.text(), pause);
        own.left();
      }
      case SERVER, CONNECTION -> {
        whole.succeeded();
        own.failed(failure.text(), pause);
      }
      case RATE_LIMITED -> {
        whole.succeeded();
        own.left();
      }
      default -> {
        whole.succeeded();
        own.succeeded();
      }
    }
  }

  private static ModelFailure paused(String who, Circuit circuit) {
    return new ModelFailure(
        ModelFailure.Kind.PAUSED,
        "%s failed %d times in a row and is not asked for another %d s; see whether it is up, or name fallback_models. The last failure: %s"
            .formatted(who, Circuit.FAILURES, circuit.rest().toSeconds() + 1, circuit.reason()),
        0,
        circuit.rest(),
        null);
  }

  private static boolean passes(ModelFailure.Kind kind) {
    return switch (kind) {
      case RATE_LIMITED, SERVER, UNREACHABLE, CONNECTION -> true;
      default -> false;
    };
  }
}
