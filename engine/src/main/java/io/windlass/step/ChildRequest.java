package io.windlass.step;

import tools.jackson.databind.node.ObjectNode;

/**
 * Another definition to run as an execution of its own.
 *
 * @param kind the definition's kind, {@code chain} for one
 * @param name the definition's name
 * @param input its input
 */
public record ChildRequest(String kind, String name, ObjectNode input) {}
