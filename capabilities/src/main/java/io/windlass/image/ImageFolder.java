package io.windlass.image;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The folder that pictures are kept in. */
final class ImageFolder {
  private final Path folder;

  ImageFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * Keeps a picture; it is there whole or not at all.
   *
   * @param effect names the effect that made it: a repetition takes the same file
   */
  Path keep(String effect, Picture picture) {
    String name = "image-" + hash(effect) + "." + picture.format();
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, ".image", ".part");
      try {
        Files.write(part, picture.bytes());
        return Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new WindlassException(
          ErrorCode.STEP_FAILED,
          "The picture cannot be kept in %s (%s); make it a writable folder with room"
              .formatted(folder, e),
          e);
    }
  }

  private static String hash(String effect) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(effect.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
