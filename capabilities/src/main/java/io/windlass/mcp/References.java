package io.windlass.mcp;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts variables of the server's environment where the settings refer to them. */
final class References {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");
  private final Map<String, String> environment;

  References(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Whether the text is nothing but references, so that it holds no secret itself. */
  static boolean isOnlyReferences(String text) {
    Matcher matcher = REFERENCE.matcher(text);
    boolean found = false;
    while (matcher.find()) {
      found = true;
      if (matcher.group(2) != null && !matcher.group(2).isEmpty()) {
        return false;
      }
    }
    return found && REFERENCE.matcher(text).replaceAll("").replace("Bearer", "").isBlank();
  }

  /**
   * Follows {@code ${NAME}}, {@code ${env:NAME}} and {@code ${NAME:-otherwise}}.
   *
   * @param where the place in the settings, for messages
   * @throws WindlassException NOT_CONFIGURED for a variable that is not set
   */
  String follow(String text, String where) {
    return REFERENCE
        .matcher(text)
        .replaceAll(found -> {
          String value = environment.get(found.group(1));
          String otherwise = found.group(2);
          boolean isThere = value != null && (otherwise == null || !value.isEmpty());
          if (!isThere && otherwise == null) {
            throw new WindlassException(
                ErrorCode.NOT_CONFIGURED,
                "%s refers to ${%s}, which is not set: set it in the environment of the server"
                    .formatted(where, found.group(1)));
          }
          return Matcher.quoteReplacement(isThere ? value : otherwise);
        });
  }
}
