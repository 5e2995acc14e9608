package io.windlass.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A MariaDB server of a test's own, which speaks MySQL's protocol and knows no users. */
final class MariaDb implements AutoCloseable {
  private final Process process;
  private final int port;

  private MariaDb(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static MariaDb start(Path folder) throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    int port = freePort();
    Process process =
        process(
            folder,
            "mariadbd",
            "--no-defaults",
            "--user=root",
            "--datadir=" + data,
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--socket=" + folder.resolve("s"),
            "--pid-file=" + folder.resolve("pid"),
            "--innodb-buffer-pool-size=8M",
            "--skip-log-bin",
            "--skip-grant-tables");
    MariaDb server = new MariaDb(process, port);
    server.await(folder);
    return server;
  }

  /** For the driver. */
  String jdbcUrl() {
    return "jdbc:mariadb://127.0.0.1:" + port + "/shop?user=root&createDatabaseIfNotExist=true";
  }

  /** As a document has it. */
  String url() {
    return "mysql://root@127.0.0.1:" + port + "/shop";
  }

  private void await(Path folder) throws Exception {
    for (int i = 0; i < 600; i++) {
      try {
        DriverManager.getConnection(jdbcUrl()).close();
        return;
      } catch (SQLException e) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    }
    close();
    throw new IllegalStateException(
        "mariadbd does not start: " + Files.readString(folder.resolve("log")));
  }

  private static Process process(Path folder, String... command) throws IOException {
    return new ProcessBuilder(List.of(command))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
