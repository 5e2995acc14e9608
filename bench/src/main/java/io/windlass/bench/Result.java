package io.windlass.bench;

import tools.jackson.databind.node.ObjectNode;

/**
 * What was measured of a row.
 *
 * @param measured the figures that the goal speaks of, in words
 * @param goal the goal in words
 * @param reached whether the goal was reached
 * @param figures everything that was measured
 */
record Result(String measured, String goal, boolean reached, ObjectNode figures) {}
