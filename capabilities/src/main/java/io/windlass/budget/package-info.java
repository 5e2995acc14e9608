/** Hard caps on what model calls cost: checked before each call, shared by all nodes. */
@NullMarked
package io.windlass.budget;

import org.jspecify.annotations.NullMarked;
