package io.windlass.execution;

import java.time.Instant;

/**
 * That an execution was told to begin nothing new and to end when what has begun is through.
 *
 * @param by who told it
 * @param at when
 */
public record StopRequest(String by, Instant at) {}
