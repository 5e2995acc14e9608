/** The append-only events of every execution: group-commit writer, reader and live tail. */
@NullMarked
package io.windlass.journal;

import org.jspecify.annotations.NullMarked;
