/** The command line: everything that a person does with a server, over HTTP alone. */
@NullMarked
package io.windlass.cli;

import org.jspecify.annotations.NullMarked;
