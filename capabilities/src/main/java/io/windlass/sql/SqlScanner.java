package io.windlass.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts SQL into code, comments, string literals and quoted names, so that a rule for code does not
 * see what only looks like it.
 */
final class SqlScanner {
  /** What a piece of SQL is. */
  enum Kind {
    CODE,
    COMMENT,
    STRING,
    NAME
  }

  /** A piece of SQL as it stands, quotes and comment marks included. */
  record Piece(Kind kind, String text) {}

  private final String sql;
  private final boolean mysql;
  private final boolean postgres;
  private final List<Piece> pieces = new ArrayList<>();
  private int from;
  private int at;

  private SqlScanner(String sql, Source.Kind database) {
    this.sql = sql;
    this.mysql = database == Source.Kind.MYSQL;
    this.postgres = database == Source.Kind.POSTGRES;
  }

  static List<Piece> scan(String sql, Source.Kind database) {
    return new SqlScanner(sql, database).pieces();
  }

  private List<Piece> pieces() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (sql.startsWith("--", at) || (mysql && c == '#')) {
        int end = sql.indexOf('\n', at);
        take(Kind.COMMENT, end < 0 ? sql.length() : end);
      } else if (sql.startsWith("/*", at)) {
        take(Kind.COMMENT, commentEnd());
      } else if (c == '\'') {
        boolean escapes = mysql || (postgres && at > 0 && isEscapePrefix());
        take(Kind.STRING, quotedEnd('\'', escapes));
      } else if (c == '"') {
        take(mysql ? Kind.STRING : Kind.NAME, quotedEnd('"', mysql));
      } else if (c == '`') {
        take(Kind.NAME, quotedEnd('`', false));
      } else if (c == '[' && !mysql && !postgres) {
        int end = sql.indexOf(']', at);
        take(Kind.NAME, end < 0 ? sql.length() : end + 1);
      } else if (postgres && c == '$' && dollarTag() != null) {
        String tag = String.valueOf(dollarTag());
        int end = sql.indexOf(tag, at + tag.length());
        take(Kind.STRING, end < 0 ? sql.length() : end + tag.length());
      } else {
        at++;
      }
    }
    code(sql.length());
    return pieces;
  }

  private void take(Kind kind, int end) {
    code(at);
    pieces.add(new Piece(kind, sql.substring(at, end)));
    at = end;
    from = end;
  }

  private void code(int end) {
    if (end > from) {
      pieces.add(new Piece(Kind.CODE, sql.substring(from, end)));
    }
  }

  /** PostgreSQL's comments nest. */
  private int commentEnd() {
    int depth = 1;
    int i = at + 2;
    while (i < sql.length()) {
      if (sql.startsWith("*/", i)) {
        i += 2;
        if (--depth == 0) {
          return i;
        }
      } else if (postgres && sql.startsWith("/*", i)) {
        depth++;
        i += 2;
      } else {
        i++;
      }
    }
    return sql.length();
  }

  private int quotedEnd(char quote, boolean escapes) {
    int i = at + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (escapes && c == '\\') {
        i += 2;
      } else if (c == quote && i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
        i += 2;
      } else if (c == quote) {
        return i + 1;
      } else {
        i++;
      }
    }
    return sql.length();
  }

  private boolean isEscapePrefix() {
    char before = sql.charAt(at - 1);
    return (before == 'E' || before == 'e')
        && (at == 1 || !Character.isJavaIdentifierPart(sql.charAt(at - 2)));
  }

  /** {@code $$} or {@code $word$} at this place; null when none begins here. */
  private @Nullable String dollarTag() {
    if (at > 0 && Character.isJavaIdentifierPart(sql.charAt(at - 1))) {
      return null;
    }
    int i = at + 1;
    while (i < sql.length() && (Character.isLetterOrDigit(sql.charAt(i)) || sql.charAt(i) == '_')) {
      i++;
    }
    boolean isTag =
        i < sql.length()
            && sql.charAt(i) == '$'
            && (i == at + 1 || !Character.isDigit(sql.charAt(at + 1)));
    return isTag ? sql.substring(at, i + 1) : null;
  }
}
