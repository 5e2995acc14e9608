/** Messages to people: mail, and chat services through their web APIs. */
@NullMarked
package io.windlass.notify;

import org.jspecify.annotations.NullMarked;
