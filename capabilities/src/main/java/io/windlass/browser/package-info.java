/** Web pages in a real browser: reading them, and letting a model work on them. */
@NullMarked
package io.windlass.browser;

import org.jspecify.annotations.NullMarked;
