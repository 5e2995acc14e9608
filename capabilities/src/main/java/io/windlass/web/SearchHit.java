package io.windlass.web;

/**
 * One result of a web search.
 *
 * @param snippet what the service shows of the page; may be empty
 */
public record SearchHit(String title, String url, String snippet) {}
