package io.windlass.store;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/** Tells trouble of the database's surroundings (disk full, read-only, gone) from bugs. */
public final class StoreTrouble {
  private StoreTrouble() {}

  public static boolean isOfSurroundings(SQLException e) {
    if (e instanceof SQLTransientConnectionException
        || e instanceof SQLNonTransientConnectionException) {
      return true;
    }
    SQLiteException sqlite = sqlite(e);
    if (sqlite != null) {
      return switch (sqlite.getResultCode().code & 0xFF) {
        case 5, 6, 8, 10, 13, 14 -> true;
        default -> false;
      };
    }
    String state = e.getSQLState();
    // The pool tells of connections that it has closed without any state.
    return state == null
        || (state.startsWith("08")
            || state.startsWith("53")
            || state.startsWith("57P")
            || state.startsWith("58")
            || state.equals("25006"));
  }

  /** The driver wraps what happened to a batch. */
  private static @Nullable SQLiteException sqlite(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException found) {
        return found;
      }
    }
    return null;
  }

  /** In words: what is wrong and what to do. */
  public static String describe(SQLException e) {
    SQLiteException sqlite = sqlite(e);
    if (sqlite != null) {
      return switch (sqlite.getResultCode().code & 0xFF) {
        case 8 -> "The database file is read-only: make it writable for the server's user.";
        case 13 -> "The disk is full: free some space; running work goes on by itself then.";
        case 5, 6 -> "The database file is locked by another program: close it.";
        default -> "The database file cannot be used: " + e.getMessage();
      };
    }
    return "The database cannot be used: " + e.getMessage();
  }
}
