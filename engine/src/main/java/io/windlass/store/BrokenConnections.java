package io.windlass.store;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Tells the pool to throw away a SQLite connection whose transaction SQLite ended by itself, as it
 * does when the disk is full: the driver does not notice and would fail on it for ever.
 */
public final class BrokenConnections implements SQLExceptionOverride {
  @java.lang.Override
  public Override adjudicate(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite && isBreaking(sqlite)) {
        return Override.MUST_EVICT;
      }
    }
    return Override.CONTINUE_EVICT;
  }

  private static boolean isBreaking(SQLiteException e) {
    SQLiteErrorCode code = e.getResultCode();
    return switch (code.code & 0xFF) {
      case 8, 10, 11, 13, 14, 26 -> true;
      default -> String.valueOf(e.getMessage()).contains("no transaction is active");
    };
  }
}
