/** The outline of source code: what it imports, declares and exports. */
@NullMarked
package io.windlass.syntax;

import org.jspecify.annotations.NullMarked;
