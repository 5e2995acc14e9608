package io.windlass.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the doctor looks at on this machine, without a server. */
final class MachineChecks {
  private static final int JAVA = 25;
  private static final long MB = 1 << 20;
  private static final String SQLITE = "SQLite format 3\0";

  private final Terminal terminal;
  private final Path home;

  MachineChecks(Terminal terminal) {
    this.terminal = terminal;
    String set = terminal.setting("WINDLASS_HOME");
    this.home = Path.of(set == null ? ".windlass" : set).toAbsolutePath().normalize();
  }

  Check java() {
    Runtime.Version version = Runtime.version();
    return version.feature() == JAVA
        ? Check.ok("Java", version + " in " + System.getProperty("java.home"))
        : Check.missing(
            "Java",
            version + " in " + System.getProperty("java.home"),
            "install a JDK 25 (https://adoptium.net) beside it; it need not be on the PATH");
  }

  Check home() {
    Path there = nearest(home);
    if (!Files.isWritable(there) || (there.equals(home) && !Files.isDirectory(home))) {
      return Check.missing(
          "home",
          home + " cannot be written",
          "set WINDLASS_HOME to a folder of your own, or change the rights of " + there);
    }
    return Check.ok("home", there.equals(home) ? home.toString() : home + " (not made yet)");
  }

  Check disk() {
    try {
      long free = Files.getFileStore(nearest(home)).getUsableSpace() / MB;
      String detail = free + " MB free for " + home;
      if (free < 200) {
        return Check.missing("disk", detail, "free at least 200 MB, or move WINDLASS_HOME");
      }
      return free < 1024
          ? Check.note("disk", detail, "journals grow: free 1 GB or more")
          : Check.ok("disk", detail);
    } catch (IOException e) {
      return Check.note("disk", "cannot be measured: " + e.getMessage(), "look with df");
    }
  }

  Check database() {
    String url = terminal.setting("WINDLASS_DATABASE_URL");
    return url == null ? sqlite() : postgres(url);
  }

  private Check sqlite() {
    if (!Files.isDirectory(home)) {
      return Check.ok("database", "SQLite, made at the first start in " + home);
    }
    try (Stream<Path> files = Files.list(home)) {
      List<Path> databases = files.filter(MachineChecks::isDatabase).toList();
      if (databases.isEmpty()) {
        return Check.ok("database", "SQLite, made at the first start in " + home);
      }
      for (Path file : databases) {
        if (!Files.isReadable(file) || !Files.isWritable(file)) {
          return Check.missing(
              "database", file + " cannot be read and written", "change its owner or rights");
        }
        if (!isSound(file)) {
          return Check.missing(
              "database",
              file + " is no SQLite file",
              "move it away, or put a backup in its place");
        }
      }
      return Check.ok("database", "SQLite, " + databases.getFirst());
    } catch (IOException e) {
      return Check.missing("database", home + " cannot be read: " + e.getMessage(), "see home");
    }
  }

  private static boolean isDatabase(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".db") || name.endsWith(".sqlite");
  }

  private static boolean isSound(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(SQLITE.length()), StandardCharsets.ISO_8859_1);
      return head.isEmpty() || head.equals(SQLITE);
    }
  }

  private static Check postgres(String url) {
    String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
    try {
      URI uri = URI.create(plain);
      if (!plain.startsWith("postgres") || uri.getHost() == null) {
        throw new IllegalArgumentException("no PostgreSQL URL");
      }
      int port = uri.getPort() < 0 ? 5432 : uri.getPort();
      String where = "PostgreSQL at " + uri.getHost() + ":" + port;
      return accepts(uri.getHost(), port)
          ? Check.ok("database", where + " accepts connections")
          : Check.missing(
              "database",
              where + " accepts no connection",
              "start it, or correct WINDLASS_DATABASE_URL (unset it for SQLite)");
    } catch (IllegalArgumentException e) {
      // The URL may hold a password: it is not repeated.
      return Check.missing(
          "database",
          "WINDLASS_DATABASE_URL is no URL of a PostgreSQL database",
          "write jdbc:postgresql://HOST:5432/NAME, or unset it for SQLite");
    }
  }

  Check models() {
    List<String> found = new ArrayList<>();
    for (String variable :
        List.of(
            "OPENAI_API_KEY",
            "ANTHROPIC_API_KEY",
            "GEMINI_API_KEY",
            "GOOGLE_API_KEY",
            "OPENROUTER_API_KEY")) {
      if (terminal.setting(variable) != null) {
        found.add(variable);
      }
    }
    for (String variable :
        List.of(
            "OPENAI_BASE_URL",
            "ANTHROPIC_BASE_URL",
            "GEMINI_BASE_URL",
            "OLLAMA_HOST",
            "LMSTUDIO_BASE_URL")) {
      String url = terminal.setting(variable);
      if (url != null) {
        found.add(variable + "=" + Wording.line(url.replaceAll("//[^/@]*@", "//"), 80));
      }
    }
    return found.isEmpty()
        ? Check.note(
            "models",
            "none in this environment: agents answer offline, without a language model",
            "set OPENAI_API_KEY (and OPENAI_BASE_URL for another endpoint) before `serve`")
        : Check.ok("models", String.join(", ", found));
  }

  Check program(String name, String use) {
    String path = terminal.env().getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
        return Check.ok(name, Path.of(folder, name).toString());
      }
    }
    return Check.missing(name, "not on the PATH; " + use, "install it: apt-get install " + name);
  }

  /** The path, or the nearest folder above it that exists. */
  private static Path nearest(Path path) {
    Path there = path;
    while (!Files.exists(there)) {
      @Nullable Path parent = there.getParent();
      if (parent == null) {
        return there;
      }
      there = parent;
    }
    return there;
  }

  static boolean accepts(String host, int port) {
    try (Socket socket = new Socket(Proxy.NO_PROXY)) {
      socket.connect(new InetSocketAddress(host, port), 2_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
