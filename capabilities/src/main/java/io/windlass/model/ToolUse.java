package io.windlass.model;

/**
 * A model's wish that a tool be called.
 *
 * @param id the call's id, unique in its conversation
 * @param name the tool's name as the model wrote it, which need not exist
 * @param arguments the arguments as the model wrote them, which need not be JSON
 */
public record ToolUse(String id, String name, String arguments) {}
