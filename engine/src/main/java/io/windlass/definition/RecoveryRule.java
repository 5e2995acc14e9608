package io.windlass.definition;

/** A document's {@code on_recovery}: what to do with a step's interrupted effects. */
public enum RecoveryRule {
  REPEAT,
  ASK,
  FAIL
}
