package io.windlass.execution;

import io.windlass.approval.Approvals;
import io.windlass.definition.Definitions;
import io.windlass.definition.Flow;
import io.windlass.journal.Journal;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Ids;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What executions stand on, on this node.
 *
 * @param name the node's own name, kept in its home
 * @param database where everything is
 * @param journal the events
 * @param definitions what can be run
 * @param approvals questions to people
 * @param clock the time
 * @param ids new ids
 * @param random jitter
 */
public record EngineNode(
    String name,
    Database database,
    Journal journal,
    Definitions definitions,
    Approvals approvals,
    InstantSource clock,
    Ids ids,
    RandomGenerator random) {

  /** What an execution runs by: its pinned version. */
  Flow flow(Execution execution) {
    return definitions.flow(
        definitions
            .version(execution.versionId())
            .orElseThrow(() ->
                new WindlassException(
                    ErrorCode.DEFINITION_NOT_FOUND,
                    "The pinned version of \"%s\" is gone.".formatted(execution.name()))));
  }
}
