package io.windlass.web;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.Http;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and keeps them away from inner addresses: every address of a host is checked after
 * its resolution, and the connection goes to an address that was checked, at each redirect anew.
 */
public final class WebClient implements Http, AutoCloseable {
  private static final int MOST_REDIRECTS = 10;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final String ADVICE = "; set WINDLASS_ALLOW_PRIVATE_FETCH=true to allow it";

  private final Hosts hosts;
  private final boolean allowsPrivate;
  private final CloseableHttpClient guarded;
  private final CloseableHttpClient trusting;

  /**
   * A client.
   *
   * @param allowsPrivate whether inner addresses are nobody's concern, as {@code
   *     WINDLASS_ALLOW_PRIVATE_FETCH=true} says
   */
  public WebClient(Hosts hosts, boolean allowsPrivate) {
    this.hosts = hosts;
    this.allowsPrivate = allowsPrivate;
    this.guarded = client(this::resolveGuarded);
    this.trusting = client(host -> hosts.resolve(host).toArray(InetAddress[]::new));
  }

  /** What a host may lead to. */
  enum Reach {
    /** The public internet only. */
    PUBLIC,
    /** Anywhere for the host that was asked for; a redirect to another one is public only. */
    NAMED_HOST
  }

  @Override
  public void close() throws IOException {
    guarded.close();
    trusting.close();
  }

  @Override
  public Response send(Request request, Duration timeout, int limit)
      throws IOException, InterruptedException {
    WebRequest sent =
        new WebRequest(
            request.method(), WebAddress.of(request.url()), request.headers(), request.body());
    WebResponse answer =
        send(sent, request.inner() ? Reach.NAMED_HOST : Reach.PUBLIC, timeout, limit);
    return new Response(answer.status(), answer.body());
  }

  /**
   * Every address of a host that a guarded request may connect to.
   *
   * @throws UnknownHostException for an unknown host, and one with an inner address unless these
   *     are allowed
   */
  public List<InetAddress> reachable(String host) throws UnknownHostException {
    if (allowsPrivate) {
      return hosts.resolve(host);
    }
    try {
      return List.of(resolveGuarded(host));
    } catch (RefusedAddress e) {
      throw new RefusedAddress(e.getMessage() + ADVICE);
    }
  }

  /**
   * Sends a request and follows redirects.
   *
   * @param timeout how long a server may be silent; the whole is the caller's to bound
   * @param limit the most bytes of the body to be read
   * @throws IOException when no answer came
   * @throws WindlassException FORBIDDEN for an inner address
   */
  WebResponse send(WebRequest request, Reach reach, Duration timeout, int limit)
      throws IOException, InterruptedException {
    WebRequest current = request;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      boolean named = current.address().host().equals(request.address().host());
      CloseableHttpClient client =
          allowsPrivate || (named && reach == Reach.NAMED_HOST) ? trusting : guarded;
      Answer answer = exchange(client, current, timeout, limit);
      String location = answer.location();
      if (location == null) {
        return answer.response();
      }
      current = current.redirected(answer.response().status(), current.address().resolve(location));
    }
    throw new IOException(
        request.address().shown() + " redirects more than " + MOST_REDIRECTS + " times");
  }

  private record Answer(WebResponse response, @Nullable String location) {}

  private static Answer exchange(
      CloseableHttpClient client, WebRequest request, Duration timeout, int limit)
      throws IOException, InterruptedException {
    HttpUriRequestBase message = new HttpUriRequestBase(request.method(), request.address().uri());
    message.setConfig(
        RequestConfig.custom()
            .setResponseTimeout(Timeout.of(timeout))
            .setConnectionRequestTimeout(Timeout.of(timeout))
            .setRedirectsEnabled(false)
            .build());
    request.headers().forEach(message::setHeader);
    String body = request.body();
    if (body != null) {
      message.setEntity(new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8), null));
    }
    try {
      return client.execute(message, response -> read(message, response, limit));
    } catch (TooLong e) {
      return new Answer(e.response, null);
    } catch (RefusedAddress e) {
      throw new WindlassException(
          ErrorCode.FORBIDDEN,
          "%s is refused: %s%s".formatted(request.address().shown(), e.getMessage(), ADVICE),
          e);
    } catch (UnknownHostException e) {
      throw new IOException("cannot resolve the host of " + request.address().shown(), e);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new IOException(
          request.method() + " " + request.address().shown() + " failed: " + reason(e), e);
    }
  }

  private static Answer read(HttpUriRequestBase message, ClassicHttpResponse response, int limit)
      throws IOException {
    int status = response.getCode();
    String reason = response.getReasonPhrase() == null ? "" : response.getReasonPhrase();
    Header location = response.getFirstHeader("Location");
    boolean redirects =
        switch (status) {
          case 301, 302, 303, 307, 308 -> location != null;
          default -> false;
        };
    HttpEntity entity = response.getEntity();
    InputStream content = entity == null ? null : entity.getContent();
    byte[] bytes = content == null ? new byte[0] : content.readNBytes(limit + 1);
    String text = new String(bytes, 0, Math.min(bytes.length, limit), charset(entity));
    WebResponse answer = new WebResponse(status, reason, text, bytes.length > limit);
    if (answer.truncated() && !redirects) {
      // Else the client would read the rest, however much that is, to close in good order.
      message.cancel();
      throw new TooLong(answer);
    }
    return new Answer(answer, redirects ? location.getValue() : null);
  }

  private static Charset charset(@Nullable HttpEntity entity) {
    ContentType type = entity == null ? null : ContentType.parseLenient(entity.getContentType());
    return type == null || type.getCharset() == null ? StandardCharsets.UTF_8 : type.getCharset();
  }

  private InetAddress[] resolveGuarded(String host) throws UnknownHostException {
    List<InetAddress> found = hosts.resolve(host);
    for (InetAddress address : found) {
      if (!PublicAddresses.holds(address)) {
        throw new RefusedAddress(
            host + " leads to " + address.getHostAddress() + ", which is not a public address");
      }
    }
    return found.toArray(InetAddress[]::new);
  }

  private static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    final transient WebResponse response;

    TooLong(WebResponse response) {
      this.response = response;
    }
  }

  private static final class RefusedAddress extends UnknownHostException {
    private static final long serialVersionUID = 1;

    RefusedAddress(String message) {
      super(message);
    }
  }

  /** Connections are not kept: one that was made without the guard must not serve with it. */
  private static CloseableHttpClient client(Resolver resolver) {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(10_000)
                .setMaxConnPerRoute(10_000)
                .setDnsResolver(resolver)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom().setConnectTimeout(Timeout.of(CONNECT)).build())
                .build())
        .setConnectionReuseStrategy((request, response, context) -> false)
        .setUserAgent("Windlass")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  @FunctionalInterface
  private interface Resolver extends DnsResolver {
    @Override
    default String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
