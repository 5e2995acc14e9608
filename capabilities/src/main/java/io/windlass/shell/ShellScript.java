package io.windlass.shell;

import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.List;

/**
 * A shell command with its placeholders filled in. Values never become part of the command's text:
 * each is assigned to a shell variable, single-quoted, before the command, and the placeholder
 * becomes a reference to it, quoted to suit the place where it stands. So a value cannot be run as
 * code even where the place is misjudged.
 */
final class ShellScript {
  static final char MARK = '\0';
  static final String VARIABLE = "__windlass_";
  private static final int MANY_QUOTES = 100;

  private ShellScript() {}

  /**
   * Fills in a command.
   *
   * @throws WindlassException INVALID_INPUT for a command with a NUL character, or a value that is
   *     no number inside shell arithmetic
   */
  static String of(String command, State state) {
    if (command.indexOf(MARK) >= 0) {
      throw WindlassException.invalid("bash: the command holds a NUL character; remove it");
    }
    List<String> values = new ArrayList<>();
    String marked =
        Template.render(
            command,
            state,
            value -> {
              values.add(value.replace("\0", ""));
              return MARK + Integer.toString(values.size() - 1) + MARK;
            });
    if (values.isEmpty()) {
      return command;
    }
    String body = new ShellScanner(marked, values).scan();
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      assign(VARIABLE + i, values.get(i), script);
    }
    return script.append(body).toString();
  }

  /** A here-document where quotes abound: a shell takes minutes over a hundred thousand of them. */
  private static void assign(String variable, String value, StringBuilder script) {
    if (value.chars().filter(c -> c == '\'').count() < MANY_QUOTES) {
      script.append(variable).append("='").append(value.replace("'", "'\\''")).append("'\n");
      return;
    }
    String end = "WINDLASS_VALUE";
    while (value.contains(end)) {
      end += "_";
    }
    script.append(
        "%1$s=$(cat <<'%2$s'\n%3$s.\n%2$s\n)\n%1$s=${%1$s%%.}\n".formatted(variable, end, value));
  }
}
