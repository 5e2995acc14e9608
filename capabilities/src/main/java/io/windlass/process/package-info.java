/** Programs that are run: all of what they start can be ended, all that they print is bounded. */
@NullMarked
package io.windlass.process;

import org.jspecify.annotations.NullMarked;
