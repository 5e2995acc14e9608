package io.windlass.sample.stray;

/** Breaks a rule: it lies in a part that the map does not name. */
public record StrayPart(String name) {}
