package io.windlass.app;

import io.windlass.kernel.WindlassException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's process. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /**
   * {@code serve} runs until it is told to end; {@code train} starts, is asked a few things, ends.
   */
  public static void main(String[] args) {
    String command = args.length == 0 ? "serve" : args[0];
    try {
      switch (command) {
        case "serve" -> serve(System.getenv(), Path.of("").toAbsolutePath());
        case "train" -> Training.run();
        default -> {
          tell("windlass: unknown command " + command + ": the server knows serve");
          System.exit(2);
        }
      }
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
    Banner.lines(Version.current(), server.mainUrl(), server.chainsUrl(), server.models())
        .forEach(System.out::println);
    System.out.flush();
    new CountDownLatch(1).await();
  }

  private static void tell(String line) {
    System.err.println(line);
  }
}
