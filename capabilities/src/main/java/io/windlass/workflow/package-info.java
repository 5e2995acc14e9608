/** The workflow format: numbered steps of a strategy, each done by a graph or an agent. */
@NullMarked
package io.windlass.workflow;

import org.jspecify.annotations.NullMarked;
