package io.windlass.surface.unified;

import java.util.function.Supplier;

/**
 * A surface as the landing page and the viewer show it.
 *
 * @param name the surface's name; its document is shown as {@code <name>.yaml}
 * @param title for people
 * @param baseUrl where it answers; empty when it has no port of its own
 * @param resource its OpenAPI document on the class path, as {@code /openapi/chains.yaml}
 */
public record ApiDocument(String name, String title, Supplier<String> baseUrl, String resource) {}
