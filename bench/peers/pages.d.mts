/** A peer's session, as far as these pages use it. */
export interface PageSession {
  visits?: number | undefined;
  a?: number | undefined;
  b?: number | undefined;
  user?: string | undefined;
}

/** Answers every page but the counter's, by the session of the peer. @param end - ends the session. */
export function otherPage(session: PageSession, url: string, end?: () => unknown): Promise<string>;
