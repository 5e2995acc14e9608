package io.windlass.budget;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A hard cap on what model calls may cost.
 *
 * @param label for people
 * @param scope whose calls count
 * @param cap how much there is in each window
 * @param raiseBy by how much an approval raises the cap of its window, at least
 * @param createdBy who made it
 */
public record Budget(
    UUID id,
    String label,
    Scope scope,
    Unit unit,
    long cap,
    long raiseBy,
    Window window,
    AtCap atCap,
    String createdBy,
    Instant createdAt) {

  /**
   * Whose calls count; null for anybody's and anything's.
   *
   * @param owner the user whose executions they are
   * @param kind the definition's kind
   * @param name the definition's name; executions that it starts as steps count with it
   */
  public record Scope(@Nullable String owner, @Nullable String kind, @Nullable String name) {
    boolean covers(Origin origin) {
      return (owner == null || owner.equals(origin.owner()))
          && (kind == null && name == null
              || origin.line().stream()
                  .anyMatch(one ->
                      (kind == null || kind.equals(one.kind()))
                          && (name == null || name.equals(one.name()))));
    }

    /** For people: {@code chain report of user ann}. */
    String words() {
      List<String> words = new ArrayList<>();
      if (kind != null || name != null) {
        words.add(kind == null ? "definition" : kind);
        if (name != null) {
          words.add(name);
        }
      }
      if (owner != null) {
        words.add(words.isEmpty() ? "user " + owner : "of user " + owner);
      }
      return words.isEmpty() ? "everything" : String.join(" ", words);
    }
  }

  /** For people: {@code "team" (5 USD a day, everything)}. */
  String words() {
    return "\"%s\" (%s %s, %s)".formatted(label, unit.text(cap), window.words(), scope.words());
  }
}
