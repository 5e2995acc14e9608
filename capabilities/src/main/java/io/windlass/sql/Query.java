package io.windlass.sql;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import io.windlass.text.Placeholder;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One reading statement with its parameters. A placeholder never becomes part of the SQL: it, or
 * the whole string literal that it stands in, becomes a bound parameter.
 *
 * @param sql with a question mark for each parameter
 * @param parameters in order
 */
record Query(String sql, List<Parameter> parameters) {
  private static final Pattern BEGINNING =
      Pattern.compile("[\\s(]*(select|with)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** What a read-only transaction does not stop, and what is clearer refused than failed. */
  private static final Pattern REFUSED =
      Pattern.compile(
          "\\b(insert|into|delete\\s+from|update\\s+[\\w.\"\\s]{1,200}?\\s+set|merge|attach"
              + "|load_extension|load_file|pg_read_file|pg_read_binary_file|pg_ls_dir|lo_import"
              + "|lo_export|dblink\\w*|pg_terminate_backend|pg_cancel_backend)\\b",
          Pattern.CASE_INSENSITIVE);

  /**
   * A bound value.
   *
   * @param literal whether it stood in quotes, so that it is a text whatever it looks like
   */
  record Parameter(String value, boolean literal) {}

  /**
   * Reads a statement.
   *
   * @param given values for question marks that the statement has itself
   * @throws WindlassException FORBIDDEN for anything but one SELECT, INVALID_INPUT for a
   *     placeholder where no value can stand, or parameters that do not fit
   */
  static Query of(String text, List<String> given, State state, Source.Kind database) {
    List<SqlScanner.Piece> pieces = SqlScanner.scan(text.replace("\0", ""), database);
    check(pieces);
    StringBuilder sql = new StringBuilder();
    List<Parameter> parameters = new ArrayList<>();
    int used = 0;
    for (SqlScanner.Piece piece : pieces) {
      switch (piece.kind()) {
        case COMMENT -> sql.append(' ');
        case NAME -> sql.append(name(piece.text(), state));
        case STRING -> literal(piece.text(), state, sql, parameters);
        case CODE -> used = code(piece.text(), given, used, state, sql, parameters);
      }
    }
    if (used < given.size()) {
      throw WindlassException.invalid(
          "db_query: params holds %d values, but the statement has %d question marks"
              .formatted(given.size(), used));
    }
    return new Query(withoutEnd(sql.toString()), List.copyOf(parameters));
  }

  private static void check(List<SqlScanner.Piece> pieces) {
    StringBuilder code = new StringBuilder();
    for (SqlScanner.Piece piece : pieces) {
      switch (piece.kind()) {
        case CODE -> code.append(piece.text());
        case COMMENT -> {
          if (piece.text().startsWith("/*!") || piece.text().startsWith("/*M!")) {
            throw refused("a comment that MySQL executes");
          }
          code.append(' ');
        }
        case STRING -> code.append("''");
        case NAME -> code.append("\"\"");
      }
    }
    String plain = withoutEnd(code.toString());
    if (plain.indexOf(';') >= 0) {
      throw refused("more than one statement");
    }
    if (!BEGINNING.matcher(plain).matches()) {
      String word = plain.strip().split("\\W", 2)[0].toUpperCase(Locale.ROOT);
      throw refused(word.isEmpty() ? "an empty statement" : word);
    }
    var found = REFUSED.matcher(plain);
    if (found.find()) {
      throw refused(found.group(1).toUpperCase(Locale.ROOT));
    }
  }

  private static WindlassException refused(String what) {
    return new WindlassException(
        ErrorCode.FORBIDDEN,
        "db_query runs one SELECT or WITH statement that only reads; it refuses " + what);
  }

  private static String withoutEnd(String sql) {
    String text = sql.strip();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).strip();
    }
    return text;
  }

  private static String name(String name, State state) {
    for (Placeholder placeholder : Template.placeholders(name, false)) {
      if (value(placeholder, state) != null) {
        throw WindlassException.invalid(
            "db_query: {%s} stands in a quoted name, where no value can; write the name itself"
                .formatted(placeholder.name()));
      }
    }
    return name;
  }

  private static void literal(
      String literal, State state, StringBuilder sql, List<Parameter> parameters) {
    boolean quoted = literal.startsWith("'") || literal.startsWith("\"");
    String filled = Template.render(literal, state);
    if (!quoted || filled.equals(literal)) {
      sql.append(literal);
      return;
    }
    String quote = literal.substring(0, 1);
    String inner =
        literal.length() > 1 && literal.endsWith(quote)
            ? literal.substring(1, literal.length() - 1)
            : literal.substring(1);
    parameters.add(
        new Parameter(Template.render(inner.replace(quote + quote, quote), state), true));
    sql.append('?');
  }

  private static int code(
      String code,
      List<String> given,
      int used,
      State state,
      StringBuilder sql,
      List<Parameter> parameters) {
    int taken = used;
    int at = 0;
    List<Placeholder> placeholders = Template.placeholders(code, false);
    int next = 0;
    while (at < code.length()) {
      if (next < placeholders.size() && placeholders.get(next).start() == at) {
        Placeholder placeholder = placeholders.get(next++);
        String value = value(placeholder, state);
        if (value == null) {
          throw WindlassException.invalid(
              "db_query: {%s} is not known; set the variable before, or give it a fallback"
                  .formatted(placeholder.name()));
        }
        parameters.add(new Parameter(value.replace("\0", ""), false));
        sql.append('?');
        at = placeholder.end();
      } else {
        char c = code.charAt(at++);
        if (c == '?' && taken < given.size()) {
          parameters.add(new Parameter(given.get(taken++).replace("\0", ""), false));
        } else if (c == '?') {
          throw WindlassException.invalid(
              "db_query: the statement has more question marks than params has values (%d)"
                  .formatted(given.size()));
        }
        sql.append(c);
      }
    }
    return taken;
  }

  private static @Nullable String value(Placeholder placeholder, State state) {
    return Template.resolve(placeholder, state, UnaryOperator.identity());
  }
}
