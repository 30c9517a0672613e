/** Session data that does not fit: a mistake in the app, so the request fails loudly and nothing is written. */
export class SessionDataError extends Error {
  /** Tells it from other errors. */
  override readonly name = "SessionDataError";
  /** Status of the answer. */
  readonly status = 500;
  /** Whether the visitor sees the message. */
  readonly expose = false;
}
