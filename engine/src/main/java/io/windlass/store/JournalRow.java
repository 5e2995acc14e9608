package io.windlass.store;

import java.util.UUID;

/**
 * One row of the journal table: events of one execution that became durable together.
 *
 * @param execution whose events
 * @param epoch the epoch that they were written under; a stale one is refused
 * @param first the number of the first event
 * @param count how many events
 * @param at when the first was appended, epoch milliseconds
 * @param events the events, one JSON object a line
 */
public record JournalRow(
    UUID execution, long epoch, long first, int count, long at, String events) {}
