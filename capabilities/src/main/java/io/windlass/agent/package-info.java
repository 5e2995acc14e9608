/** The step that asks a language model. */
@NullMarked
package io.windlass.agent;

import org.jspecify.annotations.NullMarked;
