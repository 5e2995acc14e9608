/** What agents and steps may call: pre-tools, and the shapes of their calls. */
@NullMarked
package io.windlass.tool;

import org.jspecify.annotations.NullMarked;
