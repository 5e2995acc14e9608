package io.windlass.step;

import tools.jackson.databind.JsonNode;

/**
 * What an effect came to.
 *
 * @param value what later runs of the step are answered
 * @param usage what it consumed; it counts also when the step never ends
 */
public record EffectResult(JsonNode value, Usage usage) {}
