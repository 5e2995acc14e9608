/** Chains written by a model from a description: questions back, checks, repairs. */
@NullMarked
package io.windlass.generation;

import org.jspecify.annotations.NullMarked;
