package io.windlass.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param only names of the rows to measure; empty for all
 * @param scale multiplies durations and amounts
 * @param json where the figures go; null for nowhere
 * @param profile folder for flight recordings of the throughput rows; null for none
 * @param inFlight how many executions the throughput rows keep under way
 * @param connections how many connections the throughput rows submit over
 * @param javaOpts more JVM options for the measured servers
 * @param help whether only the usage is wanted
 */
record Options(
    List<String> only,
    double scale,
    @Nullable Path json,
    @Nullable Path profile,
    int inFlight,
    int connections,
    String javaOpts,
    boolean help) {
  static final String USAGE =
      """
      Usage: ./windlass bench [options]

      Starts the built server on a throw-away home and measures it over HTTP on loopback.

        --only NAME[,NAME]   only these rows: %s
        --scale N            multiplies durations and amounts; 0.1 for a quick look (default 1)
        --json FILE          also writes all figures to FILE
        --profile DIR        keeps a flight recording of each throughput row in DIR
        --in-flight N        executions under way in the throughput rows (default 1024)
        --connections N      connections that submit them (default 64)
        --java-opts TEXT     more JVM options for the measured servers, in place of
                             WINDLASS_JAVA_OPTS, which reach the harness too
        -h, --help           this text
      """;

  Options {
    only = List.copyOf(only);
  }

  /** An argument that cannot be used; its message tells the user what to do. */
  static final class BadArgument extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadArgument(String message) {
      super(message);
    }
  }

  /**
   * Reads the arguments.
   *
   * @param known the rows that there are
   * @throws BadArgument for an argument that is none
   */
  static Options parse(List<String> arguments, List<String> known) {
    List<String> only = new ArrayList<>();
    double scale = 1;
    Path json = null;
    Path profile = null;
    int inFlight = 1024;
    int connections = 64;
    String javaOpts = "";
    boolean help = false;
    Iterator<String> rest = spread(arguments).iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "-h", "--help" -> help = true;
        case "--only" -> only.addAll(rows(value(option, rest), known));
        case "--scale" -> scale = scale(value(option, rest));
        case "--json" -> json = Path.of(value(option, rest));
        case "--profile" -> profile = Path.of(value(option, rest));
        case "--in-flight" -> inFlight = number(option, value(option, rest));
        case "--connections" -> connections = number(option, value(option, rest));
        case "--java-opts" -> javaOpts = value(option, rest);
        default -> throw new BadArgument("Unknown argument " + option + ": see --help");
      }
    }
    return new Options(only, scale, json, profile, inFlight, connections, javaOpts, help);
  }

  /** Whether a row is wanted. */
  boolean wants(String row) {
    return only.isEmpty() || only.contains(row);
  }

  /** So many of them at this scale, but at least so many. */
  int scaled(int full, int least) {
    return (int) Math.max(least, Math.round(full * scale));
  }

  private static List<String> spread(List<String> arguments) {
    return arguments.stream()
        .flatMap(argument ->
            argument.startsWith("--") && argument.contains("=")
                ? Arrays.stream(argument.split("=", 2))
                : Arrays.stream(new String[] {argument}))
        .toList();
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new BadArgument(option + " needs a value: see --help");
    }
    return rest.next();
  }

  private static List<String> rows(String names, List<String> known) {
    List<String> wanted = Arrays.stream(names.split(",")).map(String::strip).toList();
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new BadArgument(
            "--only " + name + " is no row: there are " + String.join(", ", known));
      }
    }
    return wanted;
  }

  private static double scale(String text) {
    try {
      double value = Double.parseDouble(text);
      if (value > 0 && value <= 100) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new BadArgument("--scale " + text + " is no number: give one as 0.1");
    }
    throw new BadArgument("--scale " + text + " is out of range: give a number above 0, up to 100");
  }

  private static int number(String option, String text) {
    try {
      int value = Integer.parseInt(text);
      if (value > 0 && value <= 100_000) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new BadArgument(option + " " + text + " is no whole number");
    }
    throw new BadArgument(option + " " + text + " is out of range: give 1 to 100000");
  }
}
