/** One run of one flow: start, advance, wait, cancel, resume, recover. */
@NullMarked
package io.windlass.execution;

import org.jspecify.annotations.NullMarked;
