/** The API over every kind of work, with health, figures and the documents of all surfaces. */
@NullMarked
package io.windlass.surface.unified;

import org.jspecify.annotations.NullMarked;
