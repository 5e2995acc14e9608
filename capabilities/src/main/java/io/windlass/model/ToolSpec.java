package io.windlass.model;

import tools.jackson.databind.node.ObjectNode;

/**
 * A tool that a model may ask for.
 *
 * @param name letters, digits, hyphens and underscores, at most 64 of them
 * @param description what it does and when to use it
 * @param schema the JSON Schema of its arguments, of type object
 */
public record ToolSpec(String name, String description, ObjectNode schema) {}
