/** Attributes by name, as handlers see them. */
export type SessionData = Record<string, unknown>;

/** The state of one request's session: what is behind the object in `ctx.session`. */
export interface SessionState {
  /** Key of the session in the store; undefined when the visitor has none there. */
  readonly key: string | undefined;
  /** The session has ended since it was loaded. */
  readonly lost: boolean;
  /** When the browser forgets the cookie of the stored session. @default - with the browser's end */
  readonly cookieExpires: Date | undefined;
  /** The id for the next new session of this request. */
  nextId(): string;
  /** The data of a visitor without a session. */
  showDefaults(): SessionData;
  /** The data of the session with this id; undefined when there is none. */
  load(id: string): Promise<SessionData | undefined>;
  /** Stores data under this id: the loaded session's, or a new one's. */
  save(id: string, data: SessionData): Promise<void>;
  /** Ends the session of this id: the visitor has logged out. */
  end(id: string): Promise<void>;
  /** Ends this id on the way to a new one: a `save` follows. */
  retire(id: string): Promise<void>;
  /**
   * @param attribute - name of the changed attribute, for the error. @default - all of the data
   * @throws {SessionDataError} when the session can't be changed any more.
   */
  assertOpen(attribute?: string): void;
}
