package io.windlass.web;

import org.jspecify.annotations.Nullable;

/**
 * The search services that are configured; what is null is not.
 *
 * @param provider the one to ask: {@code searxng}, {@code tavily} or {@code brave}; null for the
 *     first that is configured, in this order
 * @param searxng the base address of a SearXNG server
 * @param tavilyUrl the base address of Tavily's API
 * @param braveUrl the base address of Brave's API
 */
public record SearchConfig(
    @Nullable String provider,
    @Nullable String searxng,
    String tavilyUrl,
    @Nullable String tavilyKey,
    String braveUrl,
    @Nullable String braveKey) {
  @Override
  public String toString() {
    return "SearchConfig[provider=" + provider + "]";
  }
}
