package io.windlass.web;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses belong to the public internet, after IANA's special-purpose registries; all else
 * is private, local, reserved, or a way to an IPv4 address that is.
 */
final class PublicAddresses {
  private static final List<Block> SPECIAL_4 =
      List.of(
          block("0.0.0.0", 8),
          block("10.0.0.0", 8),
          block("100.64.0.0", 10),
          block("127.0.0.0", 8),
          block("169.254.0.0", 16),
          block("172.16.0.0", 12),
          block("192.0.0.0", 24),
          block("192.0.2.0", 24),
          block("192.88.99.0", 24),
          block("192.168.0.0", 16),
          block("198.18.0.0", 15),
          block("198.51.100.0", 24),
          block("203.0.113.0", 24),
          block("224.0.0.0", 4),
          block("240.0.0.0", 4),
          // A cloud's inner services on an address that looks public.
          block("168.63.129.16", 32));

  private static final Block GLOBAL_6 = block("2000::", 3);
  private static final Block TRANSLATED_6 = block("64:ff9b::", 96);
  private static final Block TUNNEL_6 = block("2002::", 16);
  private static final List<Block> SPECIAL_6 =
      List.of(block("2001::", 23), block("2001:db8::", 32), block("3fff::", 20));

  private PublicAddresses() {}

  private record Block(byte[] prefix, int bits) {
    boolean holds(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  static boolean holds(InetAddress address) {
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> holds4(bytes);
      case Inet6Address _ -> holds6(bytes);
      default -> false;
    };
  }

  private static boolean holds4(byte[] bytes) {
    return SPECIAL_4.stream().noneMatch(block -> block.holds(bytes));
  }

  private static boolean holds6(byte[] bytes) {
    if (TRANSLATED_6.holds(bytes)) {
      return holds4(Arrays.copyOfRange(bytes, 12, 16));
    }
    if (TUNNEL_6.holds(bytes)) {
      return holds4(Arrays.copyOfRange(bytes, 2, 6));
    }
    return GLOBAL_6.holds(bytes) && SPECIAL_6.stream().noneMatch(block -> block.holds(bytes));
  }

  private static Block block(String address, int bits) {
    try {
      return new Block(InetAddress.getByName(address).getAddress(), bits);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
