package io.windlass.cli;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command shares: where the server is, and how to answer. */
final class Connection {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Base URL of the server's unified surface. Default: WINDLASS_URL, or"
              + " http://127.0.0.1:7070 (WINDLASS_PORT).")
  private @Nullable String url;

  @Option(
      names = "--chains-url",
      paramLabel = "URL",
      description =
          "Base URL of the chains surface. Default: WINDLASS_CHAINS_URL, or the port of"
              + " WINDLASS_CHAINS_PORT, or /apis/chains under a URL or WINDLASS_PORT that was"
              + " given, or http://127.0.0.1:4242.")
  private @Nullable String chainsUrl;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Bearer token. Default: WINDLASS_TOKEN (which other users cannot see).")
  private @Nullable String token;

  @Option(names = "--json", description = "Print JSON on standard output.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  Http unified(Terminal terminal) {
    String given = given(terminal);
    String port = first(terminal.setting("WINDLASS_PORT"), "7070");
    return new Http(
        address(given == null ? local(terminal, port) : given, "--url"),
        token(terminal),
        "--url or WINDLASS_URL");
  }

  Http chains(Terminal terminal) {
    return new Http(
        address(chainsAddress(terminal), "--chains-url"),
        token(terminal),
        "--chains-url or WINDLASS_CHAINS_URL");
  }

  /** Whether the user named an address; then no server of ours could take its place. */
  boolean isAddressed(Terminal terminal) {
    return given(terminal) != null || givenChains(terminal) != null;
  }

  private String chainsAddress(Terminal terminal) {
    String chains = givenChains(terminal);
    if (chains != null) {
      return chains;
    }
    String port = terminal.setting("WINDLASS_CHAINS_PORT");
    if (port == null) {
      port = terminal.setting("REST_PORT");
    }
    // Whoever names the port of one surface alone means the server there.
    boolean onUnified = port == null && terminal.setting("WINDLASS_PORT") != null;
    if (given(terminal) != null || onUnified || "off".equals(port)) {
      return unified(terminal).base() + "/apis/chains";
    }
    return local(terminal, first(port, "4242"));
  }

  private @Nullable String given(Terminal terminal) {
    return url != null ? url : terminal.setting("WINDLASS_URL");
  }

  private @Nullable String givenChains(Terminal terminal) {
    return chainsUrl != null ? chainsUrl : terminal.setting("WINDLASS_CHAINS_URL");
  }

  private @Nullable String token(Terminal terminal) {
    return token != null && !token.isBlank() ? token.strip() : terminal.setting("WINDLASS_TOKEN");
  }

  private static String local(Terminal terminal, String port) {
    String host = first(terminal.setting("WINDLASS_HOST"), "127.0.0.1");
    if (host.equals("0.0.0.0") || host.equals("::")) {
      host = "127.0.0.1";
    }
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static String first(@Nullable String value, String fallback) {
    return value == null ? fallback : value;
  }

  private static URI address(String text, String option) {
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getPort() <= 65535) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw CliException.usage("%s is no URL for %s: %s".formatted(text, option, e.getReason()));
    }
    throw CliException.usage(
        "%s is no URL for %s; one looks like http://127.0.0.1:7070".formatted(text, option));
  }
}
