/** What git repositories of the workspace tell. */
@NullMarked
package io.windlass.git;

import org.jspecify.annotations.NullMarked;
