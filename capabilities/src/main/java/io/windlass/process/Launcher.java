package io.windlass.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Starts programs for steps, and ends those that have outlived the server that started them. */
public final class Launcher {
  private static final int SWEEPS = 20;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  private final Supplier<String> owner;
  private final Map<String, String> environment;

  /**
   * @param owner whose the programs are: the same at every start of a server, and never that of
   *     another one on the machine; asked only when a program starts
   * @param environment the variables that programs get
   */
  public Launcher(Supplier<String> owner, Map<String, String> environment) {
    this.owner = owner;
    this.environment = Map.copyOf(environment);
  }

  /** One whose programs are nobody's: they end with their tree alone. */
  public static Launcher unowned(Map<String, String> environment) {
    return new Launcher(() -> "", environment);
  }

  public Map<String, String> environment() {
    return environment;
  }

  /** Starts a command with no standard input. */
  public ProcessTree start(List<String> command, Path directory) throws IOException {
    return start(command, directory, environment);
  }

  /** The same in another environment. */
  public ProcessTree start(List<String> command, Path directory, Map<String, String> environment)
      throws IOException {
    return ProcessTree.start(command, directory, environment, owner.get());
  }

  /**
   * Ends what an earlier server of this owner has started and did not live to end. To be called
   * while no other server of this owner can run, and before this one starts a program.
   *
   * @return how many processes were found, as far as the system shows them
   */
  public int endSurvivors() {
    if (owner.get().isEmpty()) {
      return 0;
    }
    Mark mark = Mark.ofOwner(owner.get());
    Set<Long> spared = line();
    Set<Long> found = new HashSet<>();
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      List<ProcessHandle> left =
          mark.carriers().stream().filter(one -> !spared.contains(one.pid())).toList();
      if (left.isEmpty()) {
        break;
      }
      left.forEach(one -> {
        found.add(one.pid());
        one.destroyForcibly();
      });
      LockSupport.parkNanos(PAUSE);
    }
    return found.size();
  }

  /** This process and those above it: a program may have started the server anew. */
  private static Set<Long> line() {
    Set<Long> line = new HashSet<>();
    Optional<ProcessHandle> one = Optional.of(ProcessHandle.current());
    while (one.isPresent() && line.add(one.get().pid())) {
      one = one.get().parent();
    }
    return line;
  }
}
