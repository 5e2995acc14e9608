/** The front door of the engine: what surfaces talk to. */
@NullMarked
package io.windlass.engine;

import org.jspecify.annotations.NullMarked;
