package io.windlass.tool;

import io.windlass.step.StepContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a tool by an agent.
 *
 * @param id the call's own id, the same whenever it is repeated
 * @param arguments what the model gave, checked against the tool's schema
 * @param cwd the step's folder as its document has it, rendered; null for the workspace itself
 * @param context the step that calls, for cancel hooks, logs and output
 * @param timeout what the call may take
 */
public record ToolCall(
    String id, ObjectNode arguments, @Nullable String cwd, StepContext context, Duration timeout) {}
