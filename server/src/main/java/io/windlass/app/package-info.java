/** The process: settings, wiring, start and stop. The only part that sees every other. */
@NullMarked
package io.windlass.app;

import org.jspecify.annotations.NullMarked;
