package io.windlass.app;

import io.windlass.kernel.WindlassException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's process. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private static final String USAGE =
      """
      Usage: windlass serve
      Starts the server with every surface; Ctrl-C or SIGTERM ends it after running steps had their time.
      Settings are environment variables or windlass.yaml: WINDLASS_HOME (.windlass), WINDLASS_PORT (7070),
      WINDLASS_CHAINS_PORT (4242), WINDLASS_COMPUTE_PORT (5001), WINDLASS_DATABASE_URL, WINDLASS_TOKEN, OPENAI_API_KEY, …
      docs/configuration.md has all of them.\
      """;

  /** One word, under either of its names. */
  private static final List<List<String>> COMMANDS = List.of(List.of("serve"), List.of("start"));

  private Main() {}

  /** {@code serve} runs until it is told to end. */
  public static void main(String[] args) {
    List<String> words = List.of(args);
    if (words.contains("--help") || words.contains("-h")) {
      System.out.println(USAGE);
      return;
    }
    if (!words.isEmpty() && !COMMANDS.contains(words)) {
      tell("windlass: serve takes no arguments, got: " + String.join(" ", args));
      tell(USAGE);
      System.exit(2);
    }
    try {
      serve(System.getenv(), Path.of("").toAbsolutePath());
    } catch (WindlassException e) {
      LOG.debug("the server cannot start", e);
      tell("windlass: " + e.text().replaceAll("\\s*\\R\\s*", " "));
      System.exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.error("the server cannot start", e);
      System.exit(1);
    }
  }

  private static void serve(Map<String, String> environment, Path folder)
      throws InterruptedException {
    Config config = Config.read(environment, folder);
    config.given().forEach(line -> LOG.debug("setting {}", line));
    Server server = Server.open(config, environment);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  tell("Stopping: running steps get " + config.engine().drain().toSeconds() + " s");
                  server.close();
                },
                "stop"));
    Banner.lines(
            Version.current(),
            server.mainUrl(),
            server.chainsUrl(),
            server.computeUrl(),
            server.models())
        .forEach(System.out::println);
    System.out.flush();
    new CountDownLatch(1).await();
  }

  private static void tell(String line) {
    System.err.println(line);
  }
}
