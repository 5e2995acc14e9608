package io.windlass.web;

/**
 * What a server answered.
 *
 * @param reason the status in words; empty when there are none
 * @param body as text, no longer than the limit
 * @param truncated whether the body was longer
 */
record WebResponse(int status, String reason, String body, boolean truncated) {
  String statusLine() {
    return reason.isBlank() ? Integer.toString(status) : status + " " + reason;
  }
}
