/** Requests to other people's servers: http_fetch and webhooks, guarded against inner addresses. */
@NullMarked
package io.windlass.web;

import org.jspecify.annotations.NullMarked;
