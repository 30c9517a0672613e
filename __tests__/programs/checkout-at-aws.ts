import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type StrictAws, startStrictAws } from "../deploy/aws-double/start";
import { findProviders, terraformVariables } from "../deploy/provider";
import { checkout } from "./checkout";
import type { Finished } from "./command";

const AWS_PROVIDER = { source: "hashicorp/aws", version: "5.100.0" };
const REGION = "ap-northeast-1";

/** A checkout of this repository, and a local AWS that its commands deploy to. */
export interface CheckoutAtAws {
  readonly folder: string;
  readonly aws: StrictAws;
  /** Whether Terraform takes providers from a mirror: then nothing can ask the registry for their checksums. */
  readonly hasMirror: boolean;
  /** Starts a program in the checkout, without a terminal. @param node - folder of the Node.js it runs on */
  start(command: readonly string[], node?: string): Running;
  /** Addresses of what a state in a file of the checkout holds. */
  inState(file: string): string[];
}

/** A program that may still run. */
export interface Running {
  readonly process: ChildProcess;
  /** Its output so far, both streams as they came. */
  output(): string;
  readonly ended: Promise<Finished>;
}

/** Starts them; the AWS is the caller's to stop. */
export async function checkoutAtAws(): Promise<CheckoutAtAws> {
  const folder = checkout(true);
  const aws = await startStrictAws({ region: REGION });
  const source = findProviders([AWS_PROVIDER]);
  const variables = terraformVariables(source, path.join(folder, "terraform.rc"));
  const environment: NodeJS.ProcessEnv = { ...aws.environment, ...variables, CHECKPOINT_DISABLE: "1" };
  return {
    folder,
    aws,
    hasMirror: source.what === "mirror",
    start([program = "", ...args], node) {
      const PATH = [...(node === undefined ? [] : [node]), environment.PATH].join(path.delimiter);
      // A group of its own: a test may press Ctrl-C, which reaches all of it.
      const env = { ...environment, PATH };
      const child = spawn(program, args, { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
      return running(child);
    },
    inState(file) {
      const { resources } = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
      return resources.map(({ type, name }: { type: string; name: string }) => `${type}.${name}`);
    },
  };
}

function running(child: ChildProcess): Running {
  const streams = { stdout: "", stderr: "", both: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      streams[name] += text;
      streams.both += text;
    });
  }
  const ended = new Promise<Finished>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? -1, stdout: streams.stdout, stderr: streams.stderr }));
  });
  return { process: child, output: () => streams.both, ended };
}
