/** The load harness: starts the built server as a process of its own and measures it over HTTP. */
@NullMarked
package io.windlass.bench;

import org.jspecify.annotations.NullMarked;
