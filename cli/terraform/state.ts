import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { parseState, type StateFile } from "../../stacks/state-file";
import { aws } from "../machine/aws-cli";
import type { Backend } from "./configuration";
import { readConfiguration } from "./read-configuration";
import type { SynthesizedStack } from "./synthesize";

/** A stack's Terraform state. */
export interface State extends StateFile {
  /** The file or object it was read from, for people. */
  readonly from: string;
}

/** Whose state it is. */
export type StateOwner = Pick<SynthesizedStack, "folder" | "text">;

/**
 * Reads a stack's state without `terraform init`, which would fetch the provider first; undefined where there is none yet.
 *
 * @throws {UserError} for what is no state, and for one in S3 that can't be had.
 */
export function readState(stack: StateOwner): Promise<State | undefined> {
  return readStateIn(readConfiguration(stack.text).backend, stack.folder);
}

/** The same of any backend. @param folder - what the path of a local one starts from */
export async function readStateIn({ local, s3 }: Backend, folder: string): Promise<State | undefined> {
  if (local !== undefined) {
    const file = path.resolve(folder, local.path);
    return existsSync(file) ? parse(path.relative(process.cwd(), file), readFileSync(file, "utf8")) : undefined;
  }
  return s3 && readObject(s3);
}

async function readObject({ bucket, key, region }: NonNullable<Backend["s3"]>): Promise<State | undefined> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "state-"));
  const file = path.join(folder, "state");
  const from = `s3://${bucket}/${key}`;
  try {
    const isThere = await aws(region, "s3api", "get-object", "--bucket", bucket, "--key", key, file).then(
      () => true,
      ({ message }: Error) => {
        if (message.includes("NoSuchKey")) return false;
        throw new UserError(`${from}: can't be read: ${message}`);
      },
    );
    return isThere ? parse(from, readFileSync(file, "utf8")) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parse(from: string, text: string): State {
  try {
    return { from, ...parseState(text) };
  } catch (error) {
    throw new UserError(`${from}: ${(error as Error).message}`);
  }
}
