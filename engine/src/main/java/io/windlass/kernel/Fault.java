package io.windlass.kernel;

/**
 * One of several things that are wrong with what was given.
 *
 * @param path where, as {@code input.topic}
 * @param reason what, for people
 */
public record Fault(String path, String reason) {}
