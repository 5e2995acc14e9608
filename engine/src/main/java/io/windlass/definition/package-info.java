/** What can be run: named documents, their versions, and the flows they compile to. */
@NullMarked
package io.windlass.definition;

import org.jspecify.annotations.NullMarked;
