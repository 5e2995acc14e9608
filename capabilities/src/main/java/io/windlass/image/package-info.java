/** Pictures made by OpenAI's images API and compatible servers. */
@NullMarked
package io.windlass.image;

import org.jspecify.annotations.NullMarked;
