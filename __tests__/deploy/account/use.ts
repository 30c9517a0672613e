import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { missing } from "../../programs/require";
import type { Deployed } from "../cycle";
import type { Used } from "../running";
import { visit } from "../running/fetch-page";
import { invokePhotoCache } from "../running/photo-cache";
import { AppliedState } from "../running/state";

/** Instances set themselves up, tasks start, a load balancer counts them. */
const UP_MS = 20 * 60_000;
const PAUSE_MS = 100;

/** Goes to a stack's own address as visitors do, and invokes its photo cache. */
export async function useInAccount({ terraform, aws, work }: Deployed): Promise<Used> {
  const skipped = missing(["chromium"]);
  if (skipped !== undefined) return { did: [], standIns: [], skipped };
  const state = new AppliedState(await terraform.run("show-state", ["show", "-json"]));
  const url = state.output("url");
  await waitUntilUp(url);
  const did = await visit({ url, hosts: new Map(), state, servers: () => [] });
  const functions = state.all("aws_lambda_function").map(({ function_name: name }) => ({
    name,
    async invoke(event: unknown): Promise<unknown> {
      const answer = path.join(work, "answer.json");
      const payload = ["--cli-binary-format", "raw-in-base64-out", "--payload", JSON.stringify(event)];
      await aws.aws("lambda", "invoke", "--function-name", name, ...payload, answer);
      const text = readFileSync(answer, "utf8");
      rmSync(answer);
      return JSON.parse(text);
    },
  }));
  return { did: [...did, ...(await invokePhotoCache({ state, functions }, aws))], standIns: [] };
}

async function waitUntilUp(url: string): Promise<void> {
  const deadline = Date.now() + UP_MS;
  let last = "no answer";
  while (Date.now() < deadline) {
    last = await fetch(new URL("/readyz", url)).then(
      ({ ok, status }) => (ok ? "" : String(status)),
      (error: Error) => error.message,
    );
    if (last === "") return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`${url}/readyz: not ready within ${UP_MS / 60_000} minutes; the last answer: ${last}`);
}
