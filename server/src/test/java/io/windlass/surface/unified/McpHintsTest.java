package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.execution.ExecutionStatus;
import io.windlass.kernel.WindlassException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the tools for MCP clients say about each other. */
final class McpHintsTest {
  private static final Pattern NAME = Pattern.compile("\\b[a-z]+(?:_[a-z]+)+\\b");
  private final FakeDefinitions definitions = new FakeDefinitions();
  private final McpTools tools = tools();

  @Test
  void nameToolsAndArgumentsThatExist() {
    // Besides tools and arguments: fields of documents, and of every list's answer.
    Set<String> known =
        new TreeSet<>(Set.of("output_var", "pre_tools", "inject_as", "depends_on", "next_cursor"));
    tools
        .all()
        .forEach(tool -> {
          known.add(tool.name());
          known.addAll(tool.schema().path("properties").propertyNames());
        });
    for (ExecutionStatus status : ExecutionStatus.values()) {
      assertThat(names(McpRunTools.next(status))).as(status.name()).isSubsetOf(known);
    }
    for (McpTool tool : tools.all()) {
      assertThat(names(tool.description() + tool.schema())).as(tool.name()).isSubsetOf(known);
    }
  }

  @Test
  void nameToolsForWhatIsNotThere() {
    assertThatThrownBy(() -> tools.definition("chain", "nope"))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("list_chains shows");
    assertThatThrownBy(() -> tools.definition("graph", "nope"))
        .hasMessageContaining("list_definitions shows")
        .hasMessageNotContaining("/v1/")
        .hasMessageNotContaining("list_graphs");
  }

  private static List<String> names(String text) {
    return NAME.matcher(text).results().map(MatchResult::group).toList();
  }

  private McpTools tools() {
    var executions = new FakeExecutions(definitions);
    return new McpTools(
        new EnginePorts(
            executions, new FakeApprovals(), definitions, new FakeSchedules(executions)),
        Map.of("chain", KindRules.PLAIN, "pipeline", KindRules.PLAIN));
  }
}
