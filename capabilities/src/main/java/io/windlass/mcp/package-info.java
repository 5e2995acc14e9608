/** Other people's MCP servers: their settings, processes and tools. */
@NullMarked
package io.windlass.mcp;

import org.jspecify.annotations.NullMarked;
