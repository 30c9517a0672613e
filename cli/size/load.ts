import { ECPU } from "../cost/serverless";
/**
 * The work of requests for Redis: processor time of its main thread, which runs all commands, over TLS. docs/sizing.md has the machine and
 * the day of the measurement, which __tests__/cli/size/measure.run.test.ts repeats.
 */

/** The requests that a cache serves. */
export interface Requests {
  /** Requests with a session in a second, at the busiest time. */
  readonly perSecond: number;
  /** Requests with a session in a second, over a month. */
  readonly averagePerSecond: number;
  /** Part of the requests that changes the session. */
  readonly writing: number;
  /** Bytes of a session's attributes, all of which a request reads. A request that writes changes one attribute. */
  readonly bytes: number;
  readonly attributes: number;
  /** Logins in a second. */
  readonly loginsPerSecond: number;
}

/** Microseconds of Redis' main thread for a command, and for each KiB that it moves. */
interface Cost {
  readonly base: number;
  readonly perKib: number;
}

/** HGETALL of a session. */
const READ: Cost = { base: 50, perKib: 3 };
/** The script that changes attributes and moves the expiry. */
const WRITE: Cost = { base: 60, perKib: 4 };
/** The scripts of a login: a session, its entry in the user's index, and the check of parallel sessions. */
const LOGIN: Cost = { base: 240, perKib: 14 };
/**
 * Nodes of ElastiCache have other processors than the machine of the measurement. This factor is this project's own, and covers a
 * core of half the speed.
 */
const SLOWER_CORE = 2;

const KIB = 1024;
/** Names, times and the protocol around a session's attributes. Bytes. */
const AROUND = 200;

/** A line of the arithmetic. */
export interface Work {
  readonly what: string;
  readonly perSecond: number;
  /** Microseconds of a core for one of them. */
  readonly micros: number;
  /** ECPUs for one of them. */
  readonly ecpus: number;
}

/** The work of the busiest second, by kind. */
export function listWork({ perSecond, writing, bytes, attributes, loginsPerSecond }: Requests): Work[] {
  const whole = (bytes + AROUND) / KIB;
  const one = (bytes / Math.max(1, attributes) + AROUND) / KIB;
  return [
    { what: "reads of a session", perSecond, ...cost(READ, ECPU.read, whole) },
    { what: "changes of a session", perSecond: perSecond * writing, ...cost(WRITE, ECPU.write, one) },
    { what: "logins", perSecond: loginsPerSecond, ...cost(LOGIN, ECPU.login, whole) },
  ];
}

function cost({ base, perKib }: Cost, vcpu: number, kib: number): { micros: number; ecpus: number } {
  return { micros: SLOWER_CORE * (base + perKib * kib), ecpus: Math.max(1, vcpu, kib) };
}

/** Part of one core that the work takes. */
export function sumCores(work: readonly Work[]): number {
  return work.reduce((total, { perSecond, micros }) => total + perSecond * micros, 0) / 1e6;
}

/** ECPUs in a second. */
export function sumEcpus(work: readonly Work[]): number {
  return work.reduce((total, { perSecond, ecpus }) => total + perSecond * ecpus, 0);
}
