package io.windlass.surface.unified;

import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.execution.StepView;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes for a run's artifacts the files that its effects, outputs and result name, that lie in one
 * of the given folders once links are resolved, and that were written since the run was accepted.
 */
public final class WorkspaceArtifacts implements Artifacts {
  private static final int MOST = 200;
  private static final int PAGE = 500;
  private static final Pattern PATH =
      Pattern.compile("(?<![\\w/.~:-])/[^\\s\"'`<>|,;()\\[\\]{}*?]+");
  private final Executions executions;
  private final List<Path> roots;
  private final Predicate<Path> closed;

  /**
   * @param roots folders that files may come from; ones that do not exist count as empty
   * @param closed which real paths are for the server alone
   */
  public WorkspaceArtifacts(Executions executions, List<Path> roots, Predicate<Path> closed) {
    this.closed = closed;
    this.executions = executions;
    this.roots = List.copyOf(roots);
  }

  @Override
  public List<Artifact> of(Execution execution) {
    Map<Path, Artifact> found = new LinkedHashMap<>();
    Consumer<String> scan = text -> scan(text, execution.createdAt(), found);
    long after = 0;
    List<Entry> page;
    do {
      page = executions.entries(execution.id(), after, PAGE);
      for (Entry entry : page) {
        after = entry.number();
        if (entry.event() instanceof Event.EffectDone done) {
          scan.accept(Json.show(done.result()));
        }
      }
    } while (page.size() == PAGE && found.size() < MOST);
    for (StepView step : executions.detail(execution.id()).steps()) {
      scan.accept(Json.show(step.output()));
    }
    scan.accept(Json.show(execution.result()));
    return new ArrayList<>(found.values());
  }

  private void scan(String text, Instant since, Map<Path, Artifact> found) {
    String whole = text.strip();
    if (whole.startsWith("/") && whole.indexOf('\n') < 0) {
      take(whole, since, found);
    }
    Matcher matcher = PATH.matcher(text);
    while (found.size() < MOST && matcher.find()) {
      take(matcher.group().replaceAll("[.:!]+$", ""), since, found);
    }
  }

  private void take(String named, Instant since, Map<Path, Artifact> found) {
    try {
      Path real = Path.of(named).toRealPath();
      // File times may be coarser than the clock: what is a second too old still counts.
      Instant written = Files.getLastModifiedTime(real).toInstant().plusSeconds(1);
      if (!Files.isRegularFile(real) || written.isBefore(since) || closed.test(real)) {
        return;
      }
      for (Path root : roots) {
        if (Files.isDirectory(root) && real.startsWith(root.toRealPath())) {
          String name = root.toRealPath().relativize(real).toString();
          found.putIfAbsent(real, new Artifact(name, real));
          return;
        }
      }
    } catch (IOException | InvalidPathException e) {
      // Text that only looks like a path, or a file that is gone: no artifact.
      return;
    }
  }
}
