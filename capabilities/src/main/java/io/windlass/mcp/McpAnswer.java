package io.windlass.mcp;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a tool of a server answered.
 *
 * @param text all of its content as text; what is no text is described
 * @param structured its structured content; null when it gave none
 * @param failed whether the tool says that it failed
 * @param millis how long the call took
 */
public record McpAnswer(String text, @Nullable JsonNode structured, boolean failed, long millis) {}
