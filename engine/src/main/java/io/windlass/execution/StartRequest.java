package io.windlass.execution;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is needed to start an execution.
 *
 * @param kind the definition's kind
 * @param name the definition's name; its newest version is pinned
 * @param input the input; checked by the definition's kind
 * @param origin what starts it: a surface's name, {@code schedule}, …
 * @param owner the user it will belong to
 * @param publicIdPrefix put before the 16 hexadecimal digits of the public id, as {@code pip_}
 * @param idempotencyKey with it, the same request returns the same execution
 * @param limit refuses the start with TOO_MANY_EXECUTIONS when its group is full; null for no limit
 */
public record StartRequest(
    String kind,
    String name,
    ObjectNode input,
    String origin,
    String owner,
    String publicIdPrefix,
    @Nullable String idempotencyKey,
    @Nullable AdmissionLimit limit) {}
