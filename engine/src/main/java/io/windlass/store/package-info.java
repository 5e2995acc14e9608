/** The data source, the two SQL dialects, transactions and migrations. */
@NullMarked
package io.windlass.store;

import org.jspecify.annotations.NullMarked;
