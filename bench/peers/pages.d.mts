/** A peer's session, as far as these pages use it. */
export interface PageSession {
  visits?: number | undefined;
  a?: number | undefined;
  b?: number | undefined;
}

/** Answers every page but the counter's, by the session of the peer. */
export function otherPage(session: PageSession, url: string): Promise<string>;
