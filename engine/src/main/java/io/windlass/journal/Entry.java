package io.windlass.journal;

import java.time.Instant;

/**
 * One numbered event of one execution.
 *
 * @param number from 1, without gaps within its execution: the journal number, an SSE stream's id
 * @param at when it was appended
 * @param event what happened
 */
public record Entry(long number, Instant at, Event event) {}
