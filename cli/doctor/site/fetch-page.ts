/** The answer to one request of a visitor, without following redirects and without storing cookies. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly cookies: readonly string[];
}

const TIMEOUT_MS = 10_000;

/** @throws when there is no answer in time. */
export async function visit(url: URL, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
  const { status, headers } = response;
  return { status, headers, body: await response.text(), cookies: headers.getSetCookie() };
}
