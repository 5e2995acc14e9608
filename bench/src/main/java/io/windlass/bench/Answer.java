package io.windlass.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP answer. */
record Answer(int status, String body) {

  /**
   * The text of a field of its JSON body.
   *
   * @throws IllegalStateException when the answer is a refusal or lacks the field
   */
  String field(String name) {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(body);
    if (status / 100 != 2 || !found.find()) {
      throw new IllegalStateException("the server answered " + status + ": " + body);
    }
    return found.group(1);
  }
}
