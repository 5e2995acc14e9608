package io.windlass.model;

import io.windlass.step.Usage;
import org.jspecify.annotations.Nullable;

/** Stands before every call of a model: lets it pass or not, and hears what it consumed. */
public interface Toll {
  /** Lets everything pass. */
  Toll NONE =
      new Toll() {
        @Override
        public boolean isOpen() {
          return true;
        }

        @Override
        public Passage enter(Payer payer, Call call) {
          throw new IllegalStateException("nobody has to enter");
        }
      };

  /** Whether calls need not enter at present. Asked before each of them, so it must be cheap. */
  boolean isOpen();

  /**
   * Lets one call pass.
   *
   * @throws RuntimeException when it may not be made
   */
  Passage enter(Payer payer, Call call);

  /**
   * A call that is about to be made.
   *
   * @param provider who serves the model
   * @param model the model's name there
   * @param inputTokens what will be sent, estimated rather too high than too low
   * @param price null when it is not known
   */
  record Call(String provider, String model, long inputTokens, @Nullable Price price) {
    /** For people: {@code provider/name}. */
    public String label() {
      return model.isEmpty() || model.equals(provider) ? provider : provider + "/" + model;
    }
  }

  /** A call that has been let pass. One of its methods is called, once, when the call is over. */
  interface Passage {
    /** The call consumed this; the cost is unknown where the price is. Throws nothing. */
    void paid(Usage usage);

    /** The call consumed nothing. Throws nothing. */
    void spared();
  }
}
