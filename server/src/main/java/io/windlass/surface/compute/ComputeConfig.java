package io.windlass.surface.compute;

import io.windlass.execution.AdmissionLimit;
import io.windlass.http.Cors;
import io.windlass.workspace.ClosedHome;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the compute surface.
 *
 * @param cors which web origins may call
 * @param limits how much callers may ask for
 * @param storage where files are
 */
public record ComputeConfig(Cors cors, Limits limits, Storage storage) {

  /**
   * How much callers may ask for; 0 stands for no limit.
   *
   * @param requestsPerHour of one address
   * @param executionsAtOnce of one account
   * @param toolCallsPerHour of one account, through {@code /mcp-tools/execute}
   */
  public record Limits(int requestsPerHour, int executionsAtOnce, int toolCallsPerHour) {
    public static final Limits STANDARD = new Limits(1_000, 50, 100);

    /** What starting an execution for that account is held against; null for no limit. */
    public @Nullable AdmissionLimit admission(String account) {
      return executionsAtOnce == 0
          ? null
          : new AdmissionLimit(
              ComputeSurface.NAME + "/" + account,
              executionsAtOnce,
              "WINDLASS_COMPUTE_MAX_CONCURRENT");
    }
  }

  /**
   * Where files are.
   *
   * @param workspace the folder that agents' file tools work in
   * @param output where finished files are put
   * @param mostMegabytes how large the workspace may get; 0 for no limit
   * @param closed what of the workspace is for the server alone; null for nothing
   * @param cleanupAfter files that were not touched for so long are removed; null to keep all
   */
  public record Storage(
      Path workspace,
      Path output,
      int mostMegabytes,
      @Nullable ClosedHome closed,
      @Nullable Duration cleanupAfter) {}
}
