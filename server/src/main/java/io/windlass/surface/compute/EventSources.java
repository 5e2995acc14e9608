package io.windlass.surface.compute;

import io.windlass.approval.Approvals;
import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Where the events of executions come from.
 *
 * @param executions their journals
 * @param approvals the questions that they ask
 * @param forecast when they will probably end
 * @param files how many files a run has made
 * @param status the word for where one stands
 */
record EventSources(
    Executions executions,
    Approvals approvals,
    Forecast forecast,
    ToIntFunction<Execution> files,
    Function<Execution, String> status) {}
