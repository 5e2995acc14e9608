package io.windlass.generation;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name to save a document under, from its own {@code name:}. */
final class ChainName {
  private static final Pattern NAME =
      Pattern.compile("^[{\\s]*\"?name\"?:[ \\t]*[\"']?(.*?)[\"']?,?[ \\t]*$", Pattern.MULTILINE);
  private static final int LONGEST = 60;

  private ChainName() {}

  static String of(String yaml) {
    Matcher name = NAME.matcher(yaml);
    String words = name.find() ? name.group(1).toLowerCase(Locale.ROOT) : "";
    String slug = words.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    if (slug.isEmpty()) {
      return "generated-chain";
    }
    return slug.substring(0, Math.min(slug.length(), LONGEST)).replaceAll("-+$", "");
  }
}
