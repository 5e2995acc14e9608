package io.windlass.app;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a started server tells: where it answers, and something to try. */
final class Banner {
  private Banner() {}

  static List<String> lines(
      String version,
      String mainUrl,
      @Nullable String chainsUrl,
      @Nullable String computeUrl,
      List<String> models) {
    List<String> lines = new ArrayList<>();
    lines.add("Windlass " + version);
    lines.add("  all work   " + mainUrl + "   (API viewer: " + mainUrl + "/openapi)");
    String chains = chainsUrl == null ? mainUrl + "/apis/chains" : chainsUrl;
    lines.add("  chains     " + chains);
    lines.add("  compute    " + (computeUrl == null ? mainUrl + "/apis/compute" : computeUrl));
    models.forEach(model -> lines.add("  models     " + model));
    lines.add("Try:");
    lines.add(
        "  curl -s "
            + chains
            + "/execute/repo-health -H 'Content-Type: application/json' -d "
            + "\"{\\\"input\\\": {\\\"path\\\": \\\"$PWD\\\"}}\"");
    lines.add("  ./windlass run repo-health -i path=\"$PWD\"");
    return lines;
  }
}
