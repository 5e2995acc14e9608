package io.windlass.definition;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One input of a definition.
 *
 * @param name its name
 * @param type {@code string}, {@code number}, {@code boolean}, …
 * @param description for people
 * @param required whether a start without it is refused
 * @param defaultValue taken when it is missing; null for none
 * @param rules what else its format says of it (choices, bounds, hints for forms); null for nothing
 */
public record InputField(
    String name,
    String type,
    @Nullable String description,
    boolean required,
    @Nullable JsonNode defaultValue,
    @Nullable ObjectNode rules) {}
