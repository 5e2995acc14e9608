package io.windlass.chain;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the journal's keys of a loop name the item that they belong to. */
public final class ItemKey {
  private static final Pattern OF_ITEM = Pattern.compile("item([0-9]{1,9})[.].*");

  private ItemKey() {}

  /**
   * @param index from 0
   */
  static String of(int index, String key) {
    return "item" + index + "." + key;
  }

  /** The item's number as people are told it, from 1; empty when the key is no item's. */
  public static OptionalInt number(String key) {
    Matcher matcher = OF_ITEM.matcher(key);
    return matcher.matches()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)) + 1)
        : OptionalInt.empty();
  }
}
