/** Questions to people: asked once, decided once, expiring by themselves. */
@NullMarked
package io.windlass.approval;

import org.jspecify.annotations.NullMarked;
