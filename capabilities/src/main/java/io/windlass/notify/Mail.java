package io.windlass.notify;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One mail to be sent.
 *
 * @param from the sender
 * @param to at least one receiver
 * @param subject one line
 * @param html whether the content is HTML
 */
record Mail(
    InternetAddress from, List<InternetAddress> to, String subject, String content, boolean html) {
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]+");
  private static final Pattern HTML =
      Pattern.compile("^\\s*<(?:!doctype|html|head|body|div|p|h[1-6]|table|ul|ol|br)\\b");

  Mail {
    to = List.copyOf(to);
  }

  /**
   * Reads what a call gives.
   *
   * @throws WindlassException INVALID_INPUT for an unusable address
   */
  static Mail of(String from, String to, String subject, String content) {
    List<InternetAddress> receivers = addresses("to", to);
    List<InternetAddress> senders = addresses("from", from);
    if (senders.size() != 1) {
      throw WindlassException.invalid("email: from must be one address, not \"" + from + "\"");
    }
    return new Mail(
        senders.getFirst(),
        receivers,
        BREAKS.matcher(subject).replaceAll(" ").strip(),
        content,
        HTML.matcher(content.toLowerCase(java.util.Locale.ROOT)).find());
  }

  private static List<InternetAddress> addresses(String field, String given) {
    try {
      List<InternetAddress> addresses =
          List.of(InternetAddress.parse(given.replace(';', ','), true));
      for (InternetAddress address : addresses) {
        address.validate();
        if (address.getAddress().indexOf('@') < 0) {
          throw new AddressException("it lacks an @");
        }
      }
      if (!addresses.isEmpty()) {
        return addresses;
      }
    } catch (AddressException e) {
      throw new WindlassException(
          ErrorCode.INVALID_INPUT,
          "email: %s \"%s\" is no mail address (%s); write name@example.org, several between commas"
              .formatted(field, given, String.valueOf(e.getMessage()).strip()),
          e);
    }
    throw WindlassException.invalid("email: " + field + " names nobody");
  }
}
