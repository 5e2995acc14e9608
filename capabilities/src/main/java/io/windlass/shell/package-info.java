/** Shell commands: values inserted safely, output bounded, no process left behind. */
@NullMarked
package io.windlass.shell;

import org.jspecify.annotations.NullMarked;
