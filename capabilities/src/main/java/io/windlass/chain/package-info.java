/**
 * The chain and pipeline documents, compiled to flows, with their step kinds that need no model:
 * transform, gate, merge, subchain.
 */
@NullMarked
package io.windlass.chain;

import org.jspecify.annotations.NullMarked;
