package io.windlass.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.WaitUntilState;
import io.windlass.kernel.WindlassException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** One context of the browser with one page; used on one thread. */
final class Visit implements AutoCloseable {
  private static final double ACTION_MILLIS = 10_000;
  private static final int MOST_SCREENS = 30;
  private static final double SCROLL_PAUSE_MILLIS = 120;

  private final BrowserContext context;
  private final Function<String, Optional<String>> refusals;
  private final Reach reach;
  private final Patience patience;
  private Page page;

  private Visit(
      BrowserContext context,
      Function<String, Optional<String>> refusals,
      Reach reach,
      Patience patience) {
    this.context = context;
    this.refusals = refusals;
    this.reach = reach;
    this.patience = patience;
    this.page = context.newPage();
    // A link that opens another window goes on in that one.
    context.onPage(next -> this.page = next);
  }

  static Visit open(
      Browser browser,
      Viewport viewport,
      Function<String, Optional<String>> refusals,
      Reach reach,
      Patience patience) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(viewport.width(), viewport.height())
                .setAcceptDownloads(false)
                .setServiceWorkers(com.microsoft.playwright.options.ServiceWorkerPolicy.BLOCK));
    context.setDefaultNavigationTimeout(patience.limit().toMillis());
    context.setDefaultTimeout(Math.min(ACTION_MILLIS, patience.limit().toMillis()));
    return new Visit(context, refusals, reach, patience);
  }

  Page page() {
    return page;
  }

  void addCookies(List<Cookie> cookies) {
    context.addCookies(cookies);
  }

  List<Cookie> cookies() {
    return context.cookies();
  }

  /**
   * Opens an address and waits until it is loaded, then at most this long until it is quiet.
   *
   * @throws BrowserFailure when it cannot be reached, or may not be
   */
  void go(String url, int quietMillis) throws BrowserFailure {
    String host = check(url);
    try {
      page.navigate(
          url.strip(), new Page.NavigateOptions().setWaitUntil(WaitUntilState.DOMCONTENTLOADED));
    } catch (com.microsoft.playwright.TimeoutError e) {
      throw new BrowserFailure(
          "%s cannot be opened: it was not there within %d s"
              .formatted(shown(url), patience.limit().toSeconds()),
          false);
    } catch (PlaywrightException e) {
      String line = BrowserFailure.firstLine(e);
      if (!line.contains("net::ERR")) {
        throw e;
      }
      Optional<String> refusal = refusals.apply(host).or(() -> refusals.apply(host(page.url())));
      throw new BrowserFailure(
          "%s cannot be opened: %s".formatted(shown(url), refusal.orElse(line)),
          refusal.isPresent());
    }
    settle(quietMillis);
  }

  void settle(int quietMillis) {
    try {
      page.waitForLoadState(
          LoadState.NETWORKIDLE,
          new Page.WaitForLoadStateOptions().setTimeout(Math.max(1, quietMillis)));
    } catch (com.microsoft.playwright.TimeoutError e) {
      // Some pages are never quiet: what has come by now is what is read.
    }
  }

  private String check(String url) throws BrowserFailure {
    String host = host(url);
    String lower = url.strip().toLowerCase(Locale.ROOT);
    if (host.isEmpty() || !(lower.startsWith("http://") || lower.startsWith("https://"))) {
      throw WindlassException.invalid(
          "url \"" + shown(url) + "\" must be an http:// or https:// address");
    }
    try {
      reach.of(host);
    } catch (UnknownHostException e) {
      throw new BrowserFailure(
          "%s cannot be opened: %s".formatted(shown(url), String.valueOf(e.getMessage())), true);
    }
    return host;
  }

  private static String host(String url) {
    try {
      String host = new URI(url.strip().replace(' ', '+')).getHost();
      return host == null ? "" : host.replaceAll("^\\[|]$", "");
    } catch (URISyntaxException e) {
      int begin = url.indexOf("://") + 3;
      String rest = begin < 3 ? "" : url.substring(begin);
      return rest.split("[/?#:]", 2)[0];
    }
  }

  /** Without the query, where keys hide. */
  private static String shown(String url) {
    return url.strip().split("[?#]", 2)[0];
  }

  /** Scrolls down so that a page loads what it loads late, to the end and back to the top. */
  void scroll(boolean whole) throws BrowserFailure {
    int screens = whole ? MOST_SCREENS : MOST_SCREENS / 6;
    double before = -1;
    for (int i = 0; i < screens; i++) {
      double at =
          ((Number)
                  evaluate(
                      "() => { window.scrollBy(0, window.innerHeight * 0.9); return window.scrollY; }"))
              .doubleValue();
      if (at == before) {
        break;
      }
      before = at;
      page.waitForTimeout(SCROLL_PAUSE_MILLIS);
    }
    evaluate("() => { window.scrollTo(0, 0); return 0; }");
  }

  String text() throws BrowserFailure {
    return String.valueOf(evaluate("() => document.body ? document.body.innerText : ''"));
  }

  String title() throws BrowserFailure {
    return patience.with(() -> page.title());
  }

  /** The HTML as scripts have made it. */
  String content() throws BrowserFailure {
    return patience.with(() -> page.content());
  }

  /** What a function of JavaScript gives on the page; never null. */
  Object evaluate(String function) throws BrowserFailure {
    return patience.with(() -> page.evaluate(function));
  }

  byte[] picture(boolean whole) throws BrowserFailure {
    return patience.with(() -> page.screenshot(new Page.ScreenshotOptions().setFullPage(whole)));
  }

  /** Opens an address whose requests, and those of what it shows, are all answered here. */
  void show(String url, Consumer<Route> answers) throws BrowserFailure {
    context.route("**/*", answers);
    patience.with(
        () -> page.navigate(url, new Page.NavigateOptions().setWaitUntil(WaitUntilState.LOAD)));
  }

  byte[] print(Page.PdfOptions options) throws BrowserFailure {
    return patience.with(() -> page.pdf(options));
  }

  /** Lets something be done to the page that a page which hangs would never end. */
  void act(Consumer<Page> action) throws BrowserFailure {
    patience.with(() -> {
      action.accept(page);
      return "";
    });
  }

  @Override
  public void close() {
    try {
      patience.with(() -> {
        context.close();
        return "";
      });
    } catch (PlaywrightException | BrowserFailure e) {
      // The browser is gone, and the context with it; or it goes with the visit.
    }
  }
}
