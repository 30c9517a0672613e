import { type Inspection, sessionKeys, withRedis } from "./inspection";
import { printable, type Report } from "./report";
import { readSessions, type SessionRow, sessionData, sessionTable } from "./session-rows";

/** `inspect`: every session under the prefix. */
export function listSessions(): Promise<Report> {
  return withRedis(async (inspection) => {
    const found = new Map<string, SessionRow>();
    for await (const keys of sessionKeys(inspection)) {
      for (const row of await readSessions(inspection, keys)) found.set(row.key, row);
    }
    return report(inspection, [...found.values()], `under ${inspection.prefix}`);
  });
}

/** `inspect user <name>`: a user's sessions, by their index. Takes dead entries out of it on its way. */
export function listUserSessions(user: string): Promise<Report> {
  return withRedis(async (inspection) => {
    const sessions = await inspection.users.list(user);
    const keys = sessions.map(({ key }) => inspection.store.nameOf(key));
    return report(inspection, await readSessions(inspection, keys), `of user "${printable(user)}"`);
  });
}

function report(inspection: Inspection, rows: readonly SessionRow[], where: string): Report {
  const count = rows.length === 0 ? "No" : String(rows.length);
  const summary = `${count} session${rows.length === 1 ? "" : "s"} ${where}\n`;
  return {
    data: sessionData(rows),
    text: rows.length === 0 ? summary : `${sessionTable(inspection, rows)}\n${summary}`,
  };
}
