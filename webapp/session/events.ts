import { createHmac } from "node:crypto";
import { hashId } from "./session-id";

/** The events in the life of a session (OWASP session management: log the life cycle). */
export type SessionEventName =
  /** A visitor without one got a session. */
  | "created"
  /** A user logged in: new id, new absolute limit. */
  | "login"
  /** New id, same session. */
  | "renewed"
  /** A visitor of another session layer got a session of this one. */
  | "adopted"
  /** A visitor has been adopted, but their session in the other layer could not be ended. */
  | "earlier session not ended"
  /** The user ended it. */
  | "logout"
  /** Ended from another session, by the limit of parallel sessions or by an administrator. */
  | "ended"
  /** A request wanted to write to a session that had ended meanwhile; nothing was written. */
  | "lost"
  /** A cookie named a session that is not there: expired, ended or made up. */
  | "unknown"
  /** The data under a session's key was no session, and has been ended; `detail` names the field. */
  | "damaged"
  /** A stored attribute does not fit the schema (an older version wrote it); it is left as it is and not shown. */
  | "attribute ignored"
  /** The response was an error already and the commit failed too. */
  | "commit failed"
  /** The user's index could not be written; the next touch tries again. */
  | "index not written";

/** An event of one session. */
export interface SessionEvent {
  /** What happened. */
  readonly event: SessionEventName;
  /** Salted hash of the session's key: tells sessions apart in a log and leads back to none. */
  readonly session: string;
  /**
   * Whose session it is.
   * @default - the visitor is anonymous
   */
  readonly user?: string | undefined;
  /**
   * A detail of the event, such as the attribute.
   * @default - nothing
   */
  readonly detail?: string | undefined;
  /**
   * The error.
   * @default - nothing
   */
  readonly error?: unknown;
}

/** Is told of each event; must not throw. */
export type SessionEventListener = (event: SessionEvent) => void;

/** How a log calls a session. With one salt for all processes, their lines can be put together. */
export class SessionNames {
  readonly #salt: string;

  constructor(salt: string) {
    this.#salt = salt;
  }

  ofKey(key: string): string {
    return createHmac("sha256", this.#salt).update(key).digest("base64url").slice(0, 16);
  }

  ofId(id: string): string {
    return this.ofKey(hashId(id));
  }
}
