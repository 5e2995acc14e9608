package io.windlass.surface.chains;

import io.windlass.execution.AdmissionLimit;
import io.windlass.http.Cors;
import java.nio.file.Path;

/**
 * The settings of the chains surface.
 *
 * @param maxConcurrent how many executions it lets run at once
 * @param workspace the folder that agents work in; its files can be downloaded
 * @param home the server's own folder; nothing of it outside the workspace can be downloaded
 * @param cors which web origins may call
 * @param version what the health check tells
 */
public record ChainsConfig(
    int maxConcurrent, Path workspace, Path home, Cors cors, String version) {

  /** What starting an execution is held against, here and wherever else chains are started. */
  public static AdmissionLimit admission(int maxConcurrent) {
    return new AdmissionLimit(
        ChainsSurface.NAME, maxConcurrent, "WINDLASS_MAX_CONCURRENT_EXECUTIONS");
  }
}
