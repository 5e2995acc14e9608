package io.windlass.browser;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Which addresses of a host pages may be loaded from. */
@FunctionalInterface
public interface Reach {
  /**
   * Every address that a connection may go to.
   *
   * @throws UnknownHostException for an unknown host, and one that leads to a refused address
   */
  List<InetAddress> of(String host) throws UnknownHostException;
}
