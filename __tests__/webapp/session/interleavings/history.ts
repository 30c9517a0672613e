/** A write to one session's attribute: from the start of its request to the end. */
interface Write {
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** A session as the answers describe it. */
interface KnownSession {
  readonly user: string | undefined;
  /** The login asked for longer limits and a cookie that outlives the browser. */
  readonly isRemembered: boolean;
  /** The counter in the answer that brought the id. */
  readonly visits: number;
  readonly counted: number[];
  readonly writes: Write[];
  readonly born: number;
  /** When an answer said that it has ended. */
  ended?: number;
}

/** The handler's view of one request. */
export interface Answer {
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The colour that the request was shown. */
  readonly colour: string | undefined;
  /** The counter and the colour that the request leaves. */
  readonly visits: number;
  readonly left: string | undefined;
  /** The result of an increment. */
  readonly counted?: number | undefined;
}

/**
 * The model of the session layer: it derives from earlier answers which answers browsers may see. It knows neither stores nor indexes.
 * Time is the order of the starts and ends of requests.
 */
export class History {
  readonly #sessions = new Map<string, KnownSession>();
  #clock = 0;

  /** The time of something that happens now. */
  now(): number {
    return ++this.#clock;
  }

  /** The ids that browsers have been given. */
  get ids(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  get(id: string): KnownSession | undefined {
    return this.#sessions.get(id);
  }

  /** An answer brought a new id. */
  begin(id: string, { after, visits, left }: Answer, isRemembered: boolean): void {
    const born = this.now();
    const writes = [{ value: left, start: born, end: born }];
    this.#sessions.set(id, { user: after, isRemembered, visits, counted: [], writes, born });
  }

  /** An answer said that this session has ended. */
  end(id: string | undefined): void {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (session !== undefined) session.ended ??= this.now();
  }

  /** Ends all of a user's sessions that had begun before `start`, but one. */
  endOthers(user: string, own: string | undefined, start: number): void {
    for (const [id, session] of this.#sessions) {
      if (session.user === user && id !== own && session.born < start) this.end(id);
    }
  }

  write(id: string | undefined, value: string | undefined, start: number): void {
    if (id !== undefined) this.#sessions.get(id)?.writes.push({ value, start, end: this.now() });
  }

  count(id: string | undefined, value: number | undefined): void {
    if (id !== undefined && value !== undefined) this.#sessions.get(id)?.counted.push(value);
  }

  /** Lists the contradictions between earlier answers and an answer to a request that began at `start` with this id. */
  contradictions(id: string | undefined, { before, colour }: Answer, start: number, isLossy: boolean): string[] {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    const wrong: string[] = [];
    if (before !== undefined && before !== session?.user)
      wrong.push(`${before} is logged in with ${session?.user}'s id`);
    if (isLossy || session === undefined) return wrong;
    if (before !== undefined && session.ended !== undefined && session.ended < start)
      wrong.push("an ended session is back");
    if (before !== undefined && !possible(session.writes, start).includes(colour))
      wrong.push(`colour ${colour} was not written last`);
    return wrong;
  }
}

/** The values that a read from `start` on may see: those of the writes that no other write has certainly replaced. */
function possible(writes: readonly Write[], start: number): (string | undefined)[] {
  const isReplaced = (one: Write): boolean => writes.some((other) => other.start > one.end && other.end < start);
  return writes.filter((one) => !isReplaced(one)).map(({ value }) => value);
}
