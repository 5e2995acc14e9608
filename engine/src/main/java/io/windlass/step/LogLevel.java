package io.windlass.step;

/** How much a step's log line matters; the lower-case name goes over the wire. */
public enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR
}
