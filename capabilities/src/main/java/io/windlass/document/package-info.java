/** Documents on paper and on images: PDF from HTML, and text from images. */
@NullMarked
package io.windlass.document;

import org.jspecify.annotations.NullMarked;
