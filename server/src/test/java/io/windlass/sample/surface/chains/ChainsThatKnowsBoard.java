package io.windlass.sample.surface.chains;

import io.windlass.sample.surface.board.BoardSurface;

/** Breaks a rule: one surface that knows another. */
public record ChainsThatKnowsBoard(BoardSurface board) {}
