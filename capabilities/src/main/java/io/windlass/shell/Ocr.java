package io.windlass.shell;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.process.Launcher;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.WorkFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The pre-tool {@code ocr}: the text in an image of the workspace, read by tesseract. */
public final class Ocr implements PreTool {
  private static final int IMAGE_LIMIT = 50 << 20;
  private static final int SHOWN = 500;
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z_]{2,20}(?:\\+[A-Za-z_]{2,20})*");

  private final WorkFiles files;
  private final String program;
  private final Shell shell;

  /**
   * The pre-tool.
   *
   * @param program tesseract's name on the path, or where it is
   * @param launcher starts it
   */
  public Ocr(WorkFiles files, String program, Launcher launcher) {
    this.shell = new Shell(launcher);
    this.files = files;
    this.program = program;
  }

  @Override
  public String name() {
    return "ocr";
  }

  @Override
  public List<String> required() {
    return List.of("image_path");
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    String language = call.text("language", "eng").trim();
    if (!LANGUAGE.matcher(language).matches()) {
      throw WindlassException.invalid(
          "ocr: language must be tesseract's name of one, as eng or deu+fra, not \""
              + language
              + "\"");
    }
    byte[] image = files.read(call.text("image_path"), IMAGE_LIMIT);
    if (!Shell.onPath(program)) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "ocr needs the program tesseract: install the Debian package tesseract-ocr, and"
              + " tesseract-ocr-<language> for languages other than eng");
    }
    Path copy = Files.createTempFile("windlass-", ".img");
    try {
      Files.write(copy, image);
      Shell.Result result =
          shell.command(
              List.of(program, copy.toString(), "stdout", "-l", language),
              Path.of(System.getProperty("java.io.tmpdir")),
              call.context());
      if (result.code() != 0) {
        throw failed(result, language, call.text("image_path"));
      }
      return result.output().replace("\f", "\n").strip();
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static Exception failed(Shell.Result result, String language, String image) {
    String errors = result.errors().strip();
    if (errors.contains("loading language") || errors.contains("Error opening data file")) {
      return new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "ocr: tesseract does not know the language %s; install the Debian package tesseract-ocr-%s"
              .formatted(language, language.replace("+", ", tesseract-ocr-").replace('_', '-')));
    }
    return new IOException(
        "ocr: tesseract cannot read %s (exit code %d): %s"
            .formatted(
                image,
                result.code(),
                errors.length() > SHOWN ? errors.substring(errors.length() - SHOWN) : errors));
  }
}
