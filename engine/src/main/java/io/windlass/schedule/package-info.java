/** Cron, timers, wake-ups and dead-node recovery; the only user of db-scheduler. */
@NullMarked
package io.windlass.schedule;

import org.jspecify.annotations.NullMarked;
