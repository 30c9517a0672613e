import "../install";

import { CONSTRUCTS, extract, REDIS, SESSION } from "./extract";
import { referencePages } from "./reference";
import { undocumented } from "./undocumented";

/** Generates the pages of docs/ that are made of the types, by path, with complaints about the types. */
export async function generate(): Promise<{
  readonly files: Map<string, string>;
  readonly complaints: readonly string[];
}> {
  const constructs = await extract(CONSTRUCTS);
  const [session, redis] = [await extract(SESSION), await extract(REDIS)];
  const pages = [...referencePages(constructs)].map(([name, text]): [string, string] => [
    `docs/reference/${name}`,
    text,
  ]);
  const files = new Map([
    ["docs/api/constructs.api.md", constructs.report],
    ["docs/api/session.api.md", session.report],
    ["docs/api/redis.api.md", redis.report],
    ...pages,
  ]);
  // The session layer alone creates its classes, so the types of their constructors need not be importable.
  const complaints = [
    ...constructs.unreachable,
    ...[constructs, session, redis].flatMap(({ model }) => undocumented(model)),
  ];
  return { files, complaints };
}
