package io.windlass.sample.git;

import io.javalin.Javalin;
import io.windlass.sample.surface.board.BoardSurface;

/** Breaks two rules: a capability that knows a surface and its web server. */
public record GitThatKnowsASurface(BoardSurface surface, Javalin server) {}
