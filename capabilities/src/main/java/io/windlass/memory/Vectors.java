package io.windlass.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Vectors as bytes, and the angle between two. */
final class Vectors {
  private Vectors() {}

  static byte[] bytes(float[] vector) {
    ByteBuffer buffer =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(vector);
    return buffer.array();
  }

  /** The cosine of a vector and a stored one: 1 for the same direction, 0 for unlike ones. */
  static double cosine(float[] vector, byte[] stored) {
    ByteBuffer other = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
    if (stored.length != vector.length * Float.BYTES) {
      return 0;
    }
    double product = 0;
    double own = 0;
    double others = 0;
    for (int i = 0; i < vector.length; i++) {
      double one = vector[i];
      double two = other.getFloat(i * Float.BYTES);
      product += one * two;
      own += one * one;
      others += two * two;
    }
    return own == 0 || others == 0 ? 0 : product / Math.sqrt(own * others);
  }
}
