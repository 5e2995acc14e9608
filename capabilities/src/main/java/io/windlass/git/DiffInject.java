package io.windlass.git;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.process.Launcher;
import io.windlass.step.LogLevel;
import io.windlass.text.Excerpt;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The pre-tool {@code diff_inject}: what a branch of a repository in the workspace has changed
 * since it left its base, a summary first, cut to some tokens.
 */
public final class DiffInject implements PreTool {
  private static final int MAX_TOKENS = 4_000;
  private static final int MOST_TOKENS = 500_000;

  /** What a token of code takes, roughly. */
  private static final int CHARACTERS_PER_TOKEN = 4;

  private static final int LINE = 4_000;
  private static final Pattern REVISION =
      Pattern.compile("[^\\s\\p{Cntrl}-][^\\s\\p{Cntrl}]{0,250}");

  private final Function<String, Path> place;
  private final Path root;
  private final Map<String, String> environment;

  /**
   * @param place where a given path leads; throws FORBIDDEN for one outside of the workspace
   * @param root the workspace; a repository that it lies in itself is not read
   * @param launcher has the variables that git gets
   */
  public DiffInject(Function<String, Path> place, Path root, Launcher launcher) {
    this.environment = launcher.environment();
    this.place = place;
    this.root = root;
  }

  @Override
  public String name() {
    return "diff_inject";
  }

  @Override
  public List<String> required() {
    return List.of("repo");
  }

  @Override
  public String run(PreToolCall call) throws IOException, InterruptedException {
    String given = call.text("repo").trim();
    String base = revision("base", call.text("base").trim(), "main");
    String head = revision("head", call.text("head").trim(), "HEAD");
    int limit = call.count("max_tokens", MAX_TOKENS, 1, MOST_TOKENS) * CHARACTERS_PER_TOKEN;
    Path folder = place.apply(given.isEmpty() ? "." : given);
    if (!Files.isDirectory(folder)) {
      throw WindlassException.invalid("diff_inject: repo is not a folder: " + given);
    }
    Path ceiling = root.toAbsolutePath().getParent();
    GitCommand git =
        new GitCommand(folder, ceiling == null ? root : ceiling.toRealPath(), environment);
    checkInside(git, given);
    String range = range(git, commit(git, base, given), commit(git, head, given));
    String text = diff(git, limit, "--stat=120,90,50", range);
    text = text.isBlank() ? "" : text.stripTrailing() + "\n\n" + diff(git, limit, "--patch", range);
    if (text.isEmpty()) {
      return "No changes between %s and %s".formatted(base, head);
    }
    if (text.length() <= limit) {
      return text.stripTrailing();
    }
    call.context()
        .log(
            LogLevel.WARN,
            "diff_inject: only the first %d characters of the changes are kept; raise max_tokens"
                .formatted(limit));
    return Excerpt.head(text, limit) + "\n[truncated]";
  }

  /** A link of the repository's own could lead out of the workspace. */
  private void checkInside(GitCommand git, String given) throws IOException, InterruptedException {
    GitCommand.Result found =
        git.run(
            LINE, "rev-parse", "--path-format=absolute", "--absolute-git-dir", "--git-common-dir");
    if (!found.worked()) {
      throw WindlassException.invalid(
          "diff_inject: %s is not a git repository: %s".formatted(given, found.errors()));
    }
    for (String line : found.output().lines().toList()) {
      var _ = place.apply(line);
    }
  }

  private static String revision(String field, String given, String otherwise) {
    String revision = given.isEmpty() ? otherwise : given;
    if (!REVISION.matcher(revision).matches()) {
      throw WindlassException.invalid(
          "diff_inject: %s must be a branch, tag or commit, not \"%s\"".formatted(field, revision));
    }
    return revision;
  }

  private static String commit(GitCommand git, String revision, String repo)
      throws IOException, InterruptedException {
    GitCommand.Result found =
        git.run(
            LINE, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}");
    if (!found.worked()) {
      throw new WindlassException(
          ErrorCode.NOT_FOUND,
          "diff_inject: the repository %s has no commit \"%s\"".formatted(repo, revision));
    }
    return found.output().strip();
  }

  /** From where the two parted, as a review shows it; from the base itself if they never met. */
  private static String range(GitCommand git, String base, String head)
      throws IOException, InterruptedException {
    GitCommand.Result met = git.run(LINE, "merge-base", base, head);
    String from = met.code() == 0 ? met.output().lines().findFirst().orElse(base) : base;
    return from + ".." + head;
  }

  private static String diff(GitCommand git, int limit, String form, String range)
      throws IOException, InterruptedException {
    GitCommand.Result result =
        git.run(
            limit * CHARACTERS_PER_TOKEN + 1,
            "diff",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            form,
            range,
            "--");
    if (!result.worked()) {
      throw new IOException("git diff failed: " + result.errors());
    }
    return result.output();
  }
}
