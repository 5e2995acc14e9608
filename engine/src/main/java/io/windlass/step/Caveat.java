package io.windlass.step;

/**
 * What people should know of models' answers where something does not fit, as that no model gave
 * them.
 */
@FunctionalInterface
public interface Caveat {
  Caveat NONE = _ -> "";

  /** One sentence on who answered; empty when there is nothing to know. */
  String of(Usage usage);

  /** The error with that sentence behind it, unless it is in it already. */
  default String behind(String error, Usage usage) {
    String told = of(usage);
    if (told.isEmpty() || error.contains(told)) {
      return error;
    }
    return error + (error.endsWith(".") ? " " : ". ") + told;
  }
}
