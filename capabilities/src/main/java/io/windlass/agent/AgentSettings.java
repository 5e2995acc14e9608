package io.windlass.agent;

import java.time.Duration;
import java.util.Set;

/**
 * What bounds an agent's loop unless its step says otherwise.
 *
 * @param maxTurns the most model calls
 * @param toolTimeout what one tool call may take
 * @param approve tools whose calls a person must approve in every step, as steps name them; {@code
 *     *} for all
 */
public record AgentSettings(int maxTurns, Duration toolTimeout, Set<String> approve) {
  public static final int MOST_TURNS = 1_000;
  public static final AgentSettings STANDARD =
      new AgentSettings(50, Duration.ofMinutes(2), Set.of());

  public AgentSettings {
    approve = Set.copyOf(approve);
  }
}
