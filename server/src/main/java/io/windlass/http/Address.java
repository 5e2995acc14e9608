package io.windlass.http;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where to listen.
 *
 * @param host name or address
 * @param hostSetting the setting that names the host, for messages
 * @param port 0 for any free one
 * @param portSetting the setting that names the port, for messages
 */
public record Address(String host, String hostSetting, int port, String portSetting) {

  /** Whether only this machine can reach it. */
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          hostSetting + "=" + host + " is no host of this machine: use 127.0.0.1 or an address",
          e);
    }
  }
}
