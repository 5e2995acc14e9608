/** The API for graphs, workflows, their executions, MCP servers and workspaces: port 5001. */
@NullMarked
package io.windlass.surface.compute;

import org.jspecify.annotations.NullMarked;
