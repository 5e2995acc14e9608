package io.windlass.app;

import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** This machine's Chromium, which takes down whatever a page asks for and complains about. */
final class Browser implements AutoCloseable {
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--no-first-run",
          "--disable-features=OptimizationHints,MediaRouter,Translate",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
  private final Playwright playwright;
  private final com.microsoft.playwright.Browser browser;
  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> complaints = new CopyOnWriteArrayList<>();

  Browser() {
    playwright =
        Playwright.create(
            new CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1",
                        "PLAYWRIGHT_NODEJS_PATH",
                        found("node").toString())));
    browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(found("chromium"))
                    .setHeadless(true)
                    .setArgs(ARGUMENTS));
  }

  /** A page of a new visitor. */
  Page open() {
    Page page =
        browser.newPage(
            new com.microsoft.playwright.Browser.NewPageOptions().setViewportSize(1280, 900));
    page.onRequest(request -> requests.add(request.url()));
    page.onConsoleMessage(message -> {
      if (message.type().equals("error") || message.type().equals("warning")) {
        complaints.add(message.type() + ": " + message.text());
      }
    });
    page.onPageError(complaints::add);
    page.onRequestFailed(request -> complaints.add(request.url() + ": " + request.failure()));
    return page;
  }

  private static Path found(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                program + " is not on the PATH: ./verify --setup installs it"));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
