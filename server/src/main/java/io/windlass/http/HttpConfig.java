package io.windlass.http;

import java.util.Set;

/**
 * What all listeners share.
 *
 * @param tokens bearer tokens of which a request must carry one; none lets everybody in
 * @param hosts further names under which a loopback listener without tokens may be addressed
 * @param maxBody the most bytes of a request body
 */
public record HttpConfig(Set<String> tokens, Set<String> hosts, int maxBody) {
  public static final int DEFAULT_MAX_BODY = 10 << 20;
  public static final HttpConfig OPEN = new HttpConfig(Set.of(), Set.of(), DEFAULT_MAX_BODY);

  public HttpConfig {
    tokens = Set.copyOf(tokens);
    hosts = Set.copyOf(hosts);
  }
}
