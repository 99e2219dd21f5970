package org.capataz.headnode.loop;

/// The head node could not carry a request out just now, through no fault of the request: it may be
/// repeated. Nothing of it has happened, or the repeat will find that it has.
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unavailable(String message) {
    super(message, null, false, false);
  }
}
