import type { Attributes } from "./attributes";
import type { SessionEventListener, SessionNames } from "./events";
import type { Store } from "./store";
import type { UserSessions } from "./user-sessions";

/** The parts of a session layer that all of its requests use. */
export interface Layer {
  readonly store: Store;
  readonly attributes: Attributes;
  readonly users: UserSessions;
  readonly names: SessionNames;
  readonly emit: SessionEventListener;
  readonly limit: number;
  /** Whether cookies outlive the browser's windows, where a login does not say. */
  readonly persistent: boolean;
}
