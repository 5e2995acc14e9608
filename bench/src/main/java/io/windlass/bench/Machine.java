package io.windlass.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** What the kernel tells of this machine and of its processes. */
final class Machine {
  private static final Path PROC = Path.of("/proc");
  private static final double TICKS_PER_SECOND = 100;

  private Machine() {}

  /** What somebody needs to know to compare figures. */
  static void describe(ObjectNode to) {
    to.put("cpus", Runtime.getRuntime().availableProcessors());
    to.put("cpu", fieldOf("cpuinfo", "model name"));
    to.put("memory", fieldOf("meminfo", "MemTotal"));
    to.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    to.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    to.put("load_average", loadAverage());
  }

  /** The load averages of the last 1, 5 and 15 minutes. */
  static String loadAverage() {
    String text = read(PROC.resolve("loadavg"));
    String[] fields = text.split(" ");
    return fields.length < 3 ? "unknown" : fields[0] + " " + fields[1] + " " + fields[2];
  }

  /** Seconds of user and system time that a process and its ended children have used. */
  static double cpuSeconds(long pid) {
    return cpuSeconds(read(PROC.resolve(pid + "/stat")), 4);
  }

  /**
   * The same by the names of its threads, numbers left out: what the carriers, the collector use.
   */
  static Map<String, Double> cpuSecondsByThread(long pid) throws IOException {
    Map<String, Double> seconds = new TreeMap<>();
    try (Stream<Path> threads = Files.list(PROC.resolve(pid + "/task"))) {
      for (Path thread : threads.toList()) {
        String name = read(thread.resolve("comm")).strip().replaceAll("\\d+", "N");
        seconds.merge(name, cpuSeconds(read(thread.resolve("stat")), 2), Double::sum);
      }
    }
    return seconds;
  }

  private static double cpuSeconds(String stat, int count) {
    int end = stat.lastIndexOf(')');
    if (end < 0) {
      return 0;
    }
    String[] fields = stat.substring(end + 2).split(" ");
    long ticks = 0;
    // utime, stime, cutime, cstime: the fields 14 to 17 of the line, of which two are cut off.
    for (int i = 11; i < 11 + count; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** The same for a process with all that it has started and that runs. */
  static double cpuSecondsOfTree(long pid) {
    double seconds = cpuSeconds(pid);
    List<ProcessHandle> children =
        ProcessHandle.of(pid).map(ProcessHandle::descendants).orElse(Stream.empty()).toList();
    for (ProcessHandle child : children) {
      seconds += cpuSeconds(child.pid());
    }
    return seconds;
  }

  /** A number of {@code /proc/PID/status}, as VmRSS (kB) or Threads; 0 when it is not there. */
  static long status(long pid, String field) {
    String value = fieldOf(pid + "/status", field);
    String digits = value.replaceAll("\\D.*", "");
    return digits.isEmpty() ? 0 : Long.parseLong(digits);
  }

  private static String fieldOf(String file, String field) {
    return read(PROC.resolve(file))
        .lines()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
