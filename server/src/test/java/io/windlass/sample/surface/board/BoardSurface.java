package io.windlass.sample.surface.board;

import io.javalin.Javalin;

/** Keeps the rules: a surface may use the web server. */
public record BoardSurface(Javalin server) {}
