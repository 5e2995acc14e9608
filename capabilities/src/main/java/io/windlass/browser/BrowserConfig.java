package io.windlass.browser;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which programs browse.
 *
 * @param browser the path of Chromium or Chrome; null to look for one
 * @param node the path of node, which drives it; null to look for one
 * @param folder where cookies are kept that steps want kept
 */
public record BrowserConfig(@Nullable String browser, @Nullable String node, Path folder) {}
