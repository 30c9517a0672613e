import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { missing } from "../../programs/require";
import type { StrictAws } from "../aws-double/start";
import type { Used } from "../running";
import { visit } from "../running/fetch-page";
import { invokePhotoCache } from "../running/photo-cache";
import type { AppliedState } from "../running/state";

/** Instances set themselves up, tasks start, a load balancer counts them. */
const UP_MS = 20 * 60_000;
const PAUSE_MS = 100;
/** An address that nothing listens on yet may leave a connection open for minutes. */
const ANSWER_MS = 5_000;

/** A stack that is deployed in an account. */
interface AtItsAddress {
  readonly state: AppliedState;
  readonly aws: StrictAws;
  /** Folder for the answers of functions. */
  readonly work: string;
  /** Ends the wait for the site. */
  readonly signal: AbortSignal;
  /** How long the site may take to be ready. Milliseconds. @default 1200000 */
  readonly upMs?: number;
}

/** Goes to a stack's own address as visitors do, and invokes its photo cache. */
export async function useInAccount({ state, aws, work, signal, upMs = UP_MS }: AtItsAddress): Promise<Used> {
  const skipped = missing(["chromium"]);
  if (skipped !== undefined) return { did: [], standIns: [], skipped };
  const url = state.output("url");
  await waitUntilUp(url, upMs, signal);
  const did = await visit({ url, hosts: new Map(), state, servers: () => [] });
  const functions = state.all("aws_lambda_function").map(({ function_name: name }) => ({
    name,
    async invoke(event: unknown): Promise<unknown> {
      const [asked, answer] = [path.join(work, "event.json"), path.join(work, "answer.json")];
      writeFileSync(asked, JSON.stringify(event));
      // Version 1 of the AWS CLI takes a payload as it is, version 2 as base64; both read this form of file as it is.
      await aws.aws("lambda", "invoke", "--function-name", name, "--payload", `fileb://${asked}`, answer);
      const text = readFileSync(answer, "utf8");
      for (const file of [asked, answer]) rmSync(file);
      return JSON.parse(text);
    },
  }));
  return { did: [...did, ...(await invokePhotoCache({ state, functions }, aws))], standIns: [] };
}

async function waitUntilUp(url: string, upMs: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + upMs;
  let last = "no answer";
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    last = await fetch(new URL("/readyz", url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    }).then(
      ({ ok, status }) => (ok ? "" : String(status)),
      (error: Error) => String(error.cause ?? error.message),
    );
    if (last === "") return;
    await pause(PAUSE_MS);
  }
  throw new Error(`${url}/readyz: not ready within ${upMs / 1000} seconds; the last answer: ${last}`);
}
