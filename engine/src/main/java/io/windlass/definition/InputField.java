package io.windlass.definition;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One input of a definition.
 *
 * @param name its name
 * @param type {@code string}, {@code number}, {@code boolean}, …
 * @param description for people
 * @param required whether a start without it is refused
 * @param defaultValue taken when it is missing; null for none
 */
public record InputField(
    String name,
    String type,
    @Nullable String description,
    boolean required,
    @Nullable JsonNode defaultValue) {}
