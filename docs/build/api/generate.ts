import { CONSTRUCTS, extract, SESSION } from "./extract";
import { referencePages } from "./reference";
import { undocumented } from "./undocumented";

/** What of docs/ is made of the types, by its path, and what is wrong with the types for it. */
export async function generate(): Promise<{
  readonly files: Map<string, string>;
  readonly complaints: readonly string[];
}> {
  const [constructs, session] = [await extract(CONSTRUCTS), await extract(SESSION)];
  const pages = [...referencePages(constructs.model)].map(([name, text]): [string, string] => [
    `docs/reference/${name}`,
    text,
  ]);
  const files = new Map([
    ["docs/api/constructs.api.md", constructs.report],
    ["docs/api/session.api.md", session.report],
    ...pages,
  ]);
  // The session layer's classes are made by it alone: what their constructors take is nobody's to import.
  const complaints = [...constructs.unreachable, ...undocumented(constructs.model), ...undocumented(session.model)];
  return { files, complaints };
}
