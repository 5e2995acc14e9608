package io.windlass.model;

import org.jspecify.annotations.Nullable;

/** The models of one configured provider. */
interface ModelServer {
  Endpoint endpoint();

  /**
   * @param model its name at the provider
   * @param price what it costs; null when that is not known
   */
  LanguageModel named(String model, @Nullable Price price);
}
