package io.windlass.http;

import java.time.Duration;
import java.util.Set;

/**
 * What all listeners share.
 *
 * @param tokens bearer tokens of which a request must carry one; none lets everybody in
 * @param hosts further names under which a loopback listener without tokens may be addressed
 * @param maxBody the most bytes of a request body
 * @param idle how long the bytes of a request or of an answer may stop in its middle
 */
public record HttpConfig(Set<String> tokens, Set<String> hosts, int maxBody, Duration idle) {
  private static final Duration DEFAULT_IDLE = Duration.ofMinutes(2);
  public static final int DEFAULT_MAX_BODY = 10 << 20;
  public static final HttpConfig OPEN = new HttpConfig(Set.of(), Set.of(), DEFAULT_MAX_BODY);

  public HttpConfig(Set<String> tokens, Set<String> hosts, int maxBody) {
    this(tokens, hosts, maxBody, DEFAULT_IDLE);
  }

  public HttpConfig {
    tokens = Set.copyOf(tokens);
    hosts = Set.copyOf(hosts);
  }
}
