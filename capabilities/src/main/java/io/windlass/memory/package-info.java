/** What outlives an execution: state, searchable texts, remembered answers, facts. */
@NullMarked
package io.windlass.memory;

import org.jspecify.annotations.NullMarked;
