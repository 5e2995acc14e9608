/** Results of steps kept for a while, so that the same question need not be asked again. */
@NullMarked
package io.windlass.cache;

import org.jspecify.annotations.NullMarked;
