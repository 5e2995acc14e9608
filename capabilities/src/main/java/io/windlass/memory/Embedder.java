package io.windlass.memory;

import java.util.List;

/** Turns texts into vectors, whose angles tell how alike the texts are in meaning. */
public interface Embedder {
  /** The model's name; vectors of different models cannot be compared. */
  String model();

  /**
   * One vector per text, in order, all of the same length.
   *
   * @throws Exception when the model cannot be asked; the message says why and what to do
   */
  List<float[]> embed(List<String> texts) throws Exception;
}
