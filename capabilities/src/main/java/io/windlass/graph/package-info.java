/** State graphs: documents of nodes, edges and channels, compiled to flows. */
@NullMarked
package io.windlass.graph;

import org.jspecify.annotations.NullMarked;
