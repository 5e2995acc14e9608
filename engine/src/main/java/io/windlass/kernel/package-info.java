/** Ids, error codes, JSON and structured fan-out: what every other part stands on. */
@NullMarked
package io.windlass.kernel;

import org.jspecify.annotations.NullMarked;
