package io.windlass.mcp;

import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts servers, or connects to them, as their settings say. */
final class SessionOpener implements McpSession.Opener {
  private static final Logger LOG = LoggerFactory.getLogger(SessionOpener.class);

  /** What programs need to run at all; nothing of it is a secret of this server. */
  private static final Set<String> PASSED_ON =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "TERM",
          "LANG",
          "TZ",
          "TMPDIR",
          "TMP",
          "TEMP",
          "XDG_CACHE_HOME",
          "XDG_CONFIG_HOME",
          "XDG_DATA_HOME",
          "XDG_RUNTIME_DIR",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "NODE_EXTRA_CA_CERTS",
          "SYSTEMROOT",
          "APPDATA",
          "LOCALAPPDATA",
          "USERPROFILE",
          "PATHEXT");

  private final Map<String, String> environment;
  private final References references;
  private final Path folder;

  /**
   * @param environment that of this server
   * @param folder where programs start whose settings name no other
   */
  SessionOpener(Map<String, String> environment, Path folder) {
    this.environment = Map.copyOf(environment);
    this.references = new References(environment);
    this.folder = folder;
  }

  @Override
  public McpSession open(ServerConfig config, Consumer<Secrets> told) throws Exception {
    Map<String, String> env = followed(config.env(), "env");
    Map<String, String> headers = followed(config.headers(), "headers");
    Secrets secrets = Secrets.of(env, headers);
    told.accept(secrets);
    String url = config.url();
    return url == null ? program(config, env, secrets) : http(config, url, headers);
  }

  private McpSession program(ServerConfig config, Map<String, String> env, Secrets secrets)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(references.follow(config.command() == null ? "" : config.command(), "command"));
    for (String arg : config.args()) {
      command.add(references.follow(arg, "args"));
    }
    Map<String, String> all = new LinkedHashMap<>();
    environment.forEach((name, value) -> {
      String upper = name.toUpperCase(Locale.ROOT);
      if (PASSED_ON.contains(upper) || upper.startsWith("LC_") || upper.startsWith("NPM_CONFIG_")) {
        all.put(name, value);
      }
    });
    all.putAll(env);
    Path cwd = cwd(config);
    ServerProcess process;
    try {
      process = ServerProcess.start(command, all, cwd);
    } catch (IOException e) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "the program \"%s\" cannot be started (%s): install it, or correct \"command\" in the settings"
              .formatted(command.getFirst(), reason(e)),
          e);
    }
    Consumer<String> log = line -> LOG.info("MCP server {}: {}", config.name(), secrets.mask(line));
    var transport = new StdioTransport(config.name(), process, log);
    try {
      return McpSession.open(config.name(), transport, transport.ended(), config.startTimeout());
    } catch (InterruptedException | McpSession.ServerEnded e) {
      throw e;
    } catch (Exception e) {
      throw new Silent(transport.said(), e);
    }
  }

  /** A program that runs has not shaken hands. */
  static final class Silent extends Exception {
    private static final long serialVersionUID = 1;
    private final String said;

    Silent(String said, Exception cause) {
      super(Reasons.of(cause), cause);
      this.said = said;
    }

    /** What it has printed last; empty for nothing. */
    String said() {
      return said;
    }
  }

  private McpSession http(ServerConfig config, String url, Map<String, String> headers)
      throws Exception {
    URI address;
    try {
      address = new URI(references.follow(url, "url"));
      String scheme = String.valueOf(address.getScheme());
      if (address.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
        throw new URISyntaxException("url", "it must begin with http:// or https:// and a host");
      }
    } catch (URISyntaxException e) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED, "its url is unusable: " + e.getReason(), e);
    }
    HttpRequest.Builder request = HttpRequest.newBuilder();
    headers.forEach(request::setHeader);
    String base = address.getScheme() + "://" + address.getRawAuthority();
    String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    var transport =
        HttpClientStreamableHttpTransport.builder(base)
            .endpoint(path + query)
            .requestBuilder(request)
            .connectTimeout(config.startTimeout())
            .maxResponseSize(StdioTransport.MOST_BYTES)
            .build();
    return McpSession.open(
        config.name(), transport, new CompletableFuture<>(), config.startTimeout());
  }

  private Path cwd(ServerConfig config) {
    String named = config.cwd();
    try {
      Path cwd = named == null ? folder : folder.resolve(references.follow(named, "cwd"));
      if (Files.isDirectory(cwd)) {
        return cwd;
      }
      throw new WindlassException(ErrorCode.NOT_CONFIGURED, "its cwd " + cwd + " is no folder");
    } catch (InvalidPathException e) {
      throw new WindlassException(ErrorCode.NOT_CONFIGURED, "its cwd is no path: " + named, e);
    }
  }

  private Map<String, String> followed(Map<String, String> texts, String field) {
    Map<String, String> followed = new LinkedHashMap<>();
    texts.forEach((name, text) -> followed.put(name, references.follow(text, field + "." + name)));
    return followed;
  }

  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    int detail = message.indexOf("error=");
    return detail < 0 ? message : message.substring(detail).replaceFirst("error=\\d+, ", "");
  }
}
