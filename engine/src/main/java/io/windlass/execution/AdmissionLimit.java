package io.windlass.execution;

/**
 * How many executions of a group may run at once on this node, with those that they start as steps;
 * waiting ones do not count.
 *
 * @param group the group's name, usually a surface
 * @param max the most at once
 * @param setting what sets it, for people who are refused
 */
public record AdmissionLimit(String group, int max, String setting) {}
