/** The HTTP kit: a surface per port, error bodies, tokens, limits and server-sent events. */
@NullMarked
package io.windlass.http;

import org.jspecify.annotations.NullMarked;
