package io.windlass.chain;

import java.util.OptionalLong;

/** Where the files are that inputs of the types {@code file} and {@code image} name. */
@FunctionalInterface
public interface InputFiles {
  /** Looks for nothing: every path is taken as it is. */
  InputFiles UNSEEN = path -> OptionalLong.empty();

  /**
   * A file's size in bytes; empty when that is not known.
   *
   * @throws io.windlass.kernel.WindlassException when there is no such file that may be read; the
   *     message says why
   */
  OptionalLong size(String path);
}
