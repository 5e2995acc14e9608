package io.windlass.sample.store;

import org.jdbi.v3.core.Jdbi;

/** Keeps the rules: a store may use JDBI. */
public record SampleStore(Jdbi jdbi) {}
