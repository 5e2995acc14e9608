/** Files that chains may read and write: those of the workspace and the temp folder. */
@NullMarked
package io.windlass.workspace;

import org.jspecify.annotations.NullMarked;
