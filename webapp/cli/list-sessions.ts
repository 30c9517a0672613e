import { type Inspected, sessionKeys, withRedis } from "./inspected";
import { printable, type Report } from "./report";
import { readSessions, type SessionRow, sessionData, sessionTable } from "./session-rows";

/** `inspect`: every session under the prefix. */
export function listSessions(): Promise<Report> {
  return withRedis(async (inspected) => {
    const found = new Map<string, SessionRow>();
    for await (const keys of sessionKeys(inspected)) {
      for (const row of await readSessions(inspected, keys)) found.set(row.key, row);
    }
    return report(inspected, [...found.values()], `under ${inspected.prefix}`);
  });
}

/** `inspect user <name>`: a user's sessions, by their index. Takes dead entries out of it on its way. */
export function listUserSessions(user: string): Promise<Report> {
  return withRedis(async (inspected) => {
    const sessions = await inspected.users.list(user);
    const keys = sessions.map(({ key }) => inspected.store.nameOf(key));
    return report(inspected, await readSessions(inspected, keys), `of user "${printable(user)}"`);
  });
}

function report(inspected: Inspected, rows: readonly SessionRow[], where: string): Report {
  const count = rows.length === 0 ? "No" : String(rows.length);
  const summary = `${count} session${rows.length === 1 ? "" : "s"} ${where}\n`;
  return {
    data: sessionData(rows),
    text: rows.length === 0 ? summary : `${sessionTable(inspected, rows)}\n${summary}`,
  };
}
