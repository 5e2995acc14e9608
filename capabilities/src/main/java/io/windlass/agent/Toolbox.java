package io.windlass.agent;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The tools that steps can give their models, by the names that documents write. */
public final class Toolbox {
  public static final Toolbox EMPTY = new Toolbox(List.of());

  private final List<ToolSource> sources;

  /**
   * @param sources asked in this order; the first that knows a name gives its tools
   */
  public Toolbox(List<ToolSource> sources) {
    this.sources = List.copyOf(sources);
  }

  /** Whether a name stands for tools, as far as that can be told without starting a server. */
  boolean knows(String name) {
    return sources.stream()
        .anyMatch(source -> source.knows(name.strip()) || source.knows(ToolNames.own(name)));
  }

  /**
   * Whether a name, of which people are to be asked, may stand for tools; restrictions in
   * parentheses and spelling make no difference.
   */
  public boolean mayCover(String name) {
    return name.strip().equals(ToolNames.ALL)
        || ToolNames.isBuiltIn(name)
        || knows(ToolNames.whole(name));
  }

  /**
   * The tools that names stand for, by their own names, in the order of the names.
   *
   * @param unknown told of each name that stands for none
   * @throws WindlassException STEP_FAILED when a source cannot give its tools now
   */
  Map<String, Tool> take(List<String> names, Consumer<String> unknown) throws InterruptedException {
    Map<String, Tool> taken = new LinkedHashMap<>();
    for (String name : names) {
      List<Tool> found = find(name.strip());
      if (found.isEmpty()) {
        found = find(ToolNames.own(name));
      }
      if (found.isEmpty()) {
        unknown.accept(name);
      }
      found.forEach(tool -> taken.putIfAbsent(tool.name(), tool));
    }
    return taken;
  }

  private List<Tool> find(String name) throws InterruptedException {
    for (ToolSource source : sources) {
      try {
        List<Tool> found = source.named(name);
        if (!found.isEmpty()) {
          return found;
        }
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        throw new WindlassException(
            ErrorCode.STEP_FAILED,
            "The tools of \"%s\" are not to be had: %s".formatted(name, e.getMessage()),
            e);
      }
    }
    return List.of();
  }
}
