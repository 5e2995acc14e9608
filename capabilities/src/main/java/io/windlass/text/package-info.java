/** The placeholder and condition language that documents are written in. */
@NullMarked
package io.windlass.text;

import org.jspecify.annotations.NullMarked;
