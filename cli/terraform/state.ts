import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { aws, type Json } from "../machine/aws-cli";
import { NotReadyError } from "../machine/not-ready-error";
import type { SynthesizedStack } from "./synthesize";

/** What a stack's Terraform state says of it. */
export interface State {
  /** Where it was read, for people. */
  readonly from: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Attributes of the managed resources of a type. */
  all(type: string): Json[];
  readonly isEmpty: boolean;
}

/** Whose state it is. */
export type StateOwner = Pick<SynthesizedStack, "folder" | "text">;

/** Where a state is kept, as `terraform.backend` says in a stack, and Terraform's own file after an init. */
export interface Backend {
  readonly local?: { readonly path: string };
  readonly s3?: { readonly bucket: string; readonly key: string; readonly region: string };
}

/** The only form of the file since Terraform 0.12. */
const VERSION = 4;

/** Where a stack keeps its state. */
export function backendOf({ text }: StateOwner): Backend {
  return (JSON.parse(text) as { terraform: { backend: Backend } }).terraform.backend;
}

/**
 * Reads a stack's state without `terraform init`, which would fetch the provider first; undefined where there is none yet.
 *
 * @throws {NotReadyError} for what is no state, and for one in S3 that can't be had.
 */
export function readState(stack: StateOwner): Promise<State | undefined> {
  return readStateIn(backendOf(stack), stack.folder);
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
    await aws(region, "s3api", "get-object", "--bucket", bucket, "--key", key, file);
    return parse(from, readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof NotReadyError) throw error;
    const { message } = error as Error;
    if (message.includes("NoSuchKey")) return undefined;
    throw new NotReadyError(`${from}: can't be read: ${message}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface StateFile {
  readonly version: number;
  readonly outputs?: Record<string, { readonly value: unknown }>;
  readonly resources?: readonly { mode: string; type: string; instances?: readonly { attributes?: Json }[] }[];
}

function parse(from: string, text: string): State {
  let file: StateFile;
  try {
    file = JSON.parse(text) as StateFile;
  } catch (error) {
    throw new NotReadyError(`${from}: got no JSON (${(error as Error).message}), takes a Terraform state`);
  }
  if (file?.version !== VERSION) throw new NotReadyError(`${from}: got version ${file?.version}, takes a state of 4`);
  const managed = (file.resources ?? []).filter(({ mode }) => mode === "managed");
  return {
    from,
    outputs: Object.fromEntries(Object.entries(file.outputs ?? {}).map(([name, { value }]) => [name, value])),
    all: (type) =>
      managed
        .filter((resource) => resource.type === type)
        .flatMap(({ instances = [] }) => instances.map(({ attributes = {} }) => attributes)),
    isEmpty: managed.length === 0,
  };
}
