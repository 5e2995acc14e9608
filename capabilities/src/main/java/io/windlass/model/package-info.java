/** Language models: which one a name means, and one blocking, interruptible call to it. */
@NullMarked
package io.windlass.model;

import org.jspecify.annotations.NullMarked;
