package io.windlass.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Where host names lead. */
@FunctionalInterface
public interface Hosts {
  /** Every address of a name or of a literal address. */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** The system's resolver. */
  static Hosts system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
