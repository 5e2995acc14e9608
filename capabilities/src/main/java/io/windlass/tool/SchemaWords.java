package io.windlass.tool;

import com.networknt.schema.Error;
import io.windlass.text.Excerpt;

/** Words for how a value breaks its JSON Schema. */
public final class SchemaWords {
  private static final int SHOWN = 300;

  private SchemaWords() {}

  /**
   * One fault, under the place in the value where it is.
   *
   * @param root what the value as a whole is called; empty where the sentence before names it
   */
  public static String of(Error error, String root) {
    String place = String.valueOf(error.getInstanceLocation());
    String where = place.isEmpty() ? root : place;
    return Excerpt.of((where.isEmpty() ? "" : where + ": ") + error.getMessage(), SHOWN);
  }
}
