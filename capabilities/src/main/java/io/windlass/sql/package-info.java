/** Questions to other people's databases, which they cannot change. */
@NullMarked
package io.windlass.sql;

import org.jspecify.annotations.NullMarked;
