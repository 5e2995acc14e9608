/** The port that every kind of step implements, and what a step may ask of the engine. */
@NullMarked
package io.windlass.step;

import org.jspecify.annotations.NullMarked;
