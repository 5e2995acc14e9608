package io.windlass.sample.kernel;

import io.windlass.sample.store.SampleStore;
import org.jdbi.v3.core.Jdbi;

/**
 * Breaks two rules: a base part that knows a part above it, and a vendor library it does not own.
 */
public record UpwardKernel(SampleStore store, Jdbi jdbi) {}
