package io.windlass.kernel;

import java.util.UUID;

/**
 * The engine's id of an execution: a UUIDv7, so that ids sort by the time of their making.
 *
 * @param value the UUID itself
 */
public record ExecutionId(UUID value) implements Comparable<ExecutionId> {
  private static final long FAMILY = 0xF;

  public static ExecutionId parse(String text) {
    return new ExecutionId(UUID.fromString(text));
  }

  /**
   * Sixteen hexadecimal digits that sort and are as unique as the id: its 48 time bits, its 12
   * counter bits and 4 random ones. The public id that the chains surface shows.
   */
  public String hex() {
    long most = value.getMostSignificantBits();
    long time = most & 0xFFFF_FFFF_FFFF_0000L;
    long counter = most & 0x0FFFL;
    long random = (value.getLeastSignificantBits() >>> 58) & 0xFL;
    return "%016x".formatted(time | counter << 4 | random);
  }

  /** What an execution shares with its children and theirs: a number from 0 to 15. */
  public int family() {
    return (int) (least(value) & FAMILY);
  }

  /** The same id but for the family, which becomes the other's. */
  public ExecutionId inFamilyOf(ExecutionId other) {
    return new ExecutionId(
        new UUID(most(value), least(value) & ~FAMILY | least(other.value) & FAMILY));
  }

  @Override
  public int compareTo(ExecutionId other) {
    int high = Long.compareUnsigned(most(value), most(other.value));
    return high != 0 ? high : Long.compareUnsigned(least(value), least(other.value));
  }

  @Override
  public String toString() {
    return value.toString();
  }

  private static long most(UUID id) {
    return id.getMostSignificantBits();
  }

  private static long least(UUID id) {
    return id.getLeastSignificantBits();
  }
}
