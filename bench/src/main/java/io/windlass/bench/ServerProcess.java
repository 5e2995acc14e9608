package io.windlass.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The built server as a process of its own, started as a user starts it. */
final class ServerProcess implements AutoCloseable {
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "JAVA_HOME", "LC_ALL", "LC_CTYPE", "LANG", "TMPDIR");
  private static final List<String> LAUNCHER_OWN = List.of("WINDLASS_JAVA_OPTS", "WINDLASS_AOT");
  private static final long READY_SECONDS = 120;
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final Path log;
  private final int port;
  private final int chainsPort;
  private final double readyAfterMs;

  private ServerProcess(Process process, Path log, int port, int chainsPort, long begun)
      throws IOException, InterruptedException {
    this.process = process;
    this.log = log;
    this.port = port;
    this.chainsPort = chainsPort;
    awaitReady();
    this.readyAfterMs = (System.nanoTime() - begun) / 1e6;
  }

  /**
   * Starts it and waits for its first 200 on {@code /health}.
   *
   * @param home its {@code WINDLASS_HOME}
   * @param settings more of its environment; of the harness's own it gets nothing but what the
   *     launcher needs
   */
  static ServerProcess start(Bench bench, Path home, Map<String, String> settings)
      throws IOException, InterruptedException {
    int port = freePort();
    int chainsPort = freePort();
    Map<String, String> environment = new TreeMap<>(settings);
    environment.put("WINDLASS_HOME", home.toString());
    environment.put("WINDLASS_PORT", Integer.toString(port));
    environment.put("WINDLASS_COMPUTE_PORT", "off");
    environment.put("WINDLASS_CHAINS_PORT", Integer.toString(chainsPort));
    environment.putIfAbsent("WINDLASS_DRAIN", "1s");
    List<String> inherited = new ArrayList<>(INHERITED);
    inherited.addAll(LAUNCHER_OWN);
    for (String name : inherited) {
      String value = System.getenv(name);
      if (value != null) {
        environment.putIfAbsent(name, value);
      }
    }
    if (!bench.options().javaOpts().isEmpty()) {
      environment.put("WINDLASS_JAVA_OPTS", bench.options().javaOpts());
    }
    Path log = bench.folder().resolve("server-" + port + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(bench.launcher(), "serve")
            .directory(bench.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    long begun = System.nanoTime();
    Process process = bench.track(builder.start());
    process.getOutputStream().close();
    try {
      return new ServerProcess(process, log, port, chainsPort, begun);
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  int port() {
    return port;
  }

  int chainsPort() {
    return chainsPort;
  }

  long pid() {
    return process.pid();
  }

  /** From the start of the launcher to the first 200. */
  double readyAfterMs() {
    return readyAfterMs;
  }

  /** Its JVM's options, without the class path. */
  String jvmOptions() throws IOException {
    String line =
        Files.readString(Path.of("/proc/" + pid() + "/cmdline")).replace('\0', ' ').strip();
    int classPath = line.indexOf(" -cp ");
    int options = line.indexOf(' ');
    return classPath < 0 || options < 0 ? line : line.substring(options + 1, classPath);
  }

  /** Tells the JVM something with {@code jcmd}; gives what it answers. */
  String jcmd(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    line.add(Long.toString(pid()));
    line.addAll(List.of(command));
    Process jcmd = new ProcessBuilder(line).redirectErrorStream(true).start();
    String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return answer;
  }

  /** Ends it as a power cut would: SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!isHealthy()) {
      if (process.waitFor(2, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the server ended at once:\n" + Files.readString(log));
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the server was not ready within " + READY_SECONDS + " s:\n" + Files.readString(log));
      }
    }
  }

  private boolean isHealthy() {
    try (Api api = new Api(port)) {
      return api.get("/health").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      kill();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
