package io.windlass.sql;

import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a JSON array of objects, as many as fit.
 *
 * @param json the array
 * @param count how many rows it holds
 * @param cut whether there were more
 */
record Rows(String json, int count, boolean cut) {
  private static final int LONGEST_VALUE = 20_000;
  private static final int LONGEST_BYTES = 1_000;
  private static final int MOST_ZEROS = 20;
  private static final long SAFE_INTEGER = 1L << 53;

  static Rows read(ResultSet result, int mostRows, int mostCharacters) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    StringBuilder json = new StringBuilder("[");
    int count = 0;
    while (result.next()) {
      String row = Json.write(row(result, columns));
      if (count == mostRows || json.length() + row.length() + 2 > mostCharacters) {
        return new Rows(json.append(']').toString(), count, true);
      }
      json.append(count == 0 ? "" : ",").append(row);
      count++;
    }
    return new Rows(json.append(']').toString(), count, false);
  }

  private static Map<String, @Nullable Object> row(ResultSet result, ResultSetMetaData columns)
      throws SQLException {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String label = columns.getColumnLabel(i);
      String name = row.containsKey(label) ? label + "_" + i : label;
      row.put(name, value(result.getObject(i)));
    }
    return row;
  }

  /** Without an exponent, as long as that is readable. */
  private static BigDecimal plain(String number) {
    BigDecimal exact = new BigDecimal(number).stripTrailingZeros();
    return exact.scale() < 0 && exact.scale() > -MOST_ZEROS ? exact.setScale(0) : exact;
  }

  private static @Nullable Object value(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Boolean flag -> flag;
      case Long number when Math.abs(number) > SAFE_INTEGER -> number.toString();
      case Double number when !Double.isFinite(number) -> number.toString();
      case Float number when !Float.isFinite(number) -> number.toString();
      case Double number -> plain(number.toString());
      case Float number -> plain(number.toString());
      case Number number -> number;
      case byte[] bytes ->
          bytes.length > LONGEST_BYTES ? bytes.length + " bytes" : HexFormat.of().formatHex(bytes);
      default -> Excerpt.of(value.toString(), LONGEST_VALUE);
    };
  }
}
