/** The chains surface: chains, pipelines, their executions, gates and schedules over HTTP. */
@NullMarked
package io.windlass.surface.chains;

import org.jspecify.annotations.NullMarked;
