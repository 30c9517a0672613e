import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { parseState, type StateFile } from "../../stacks/state-file";
import { aws } from "../machine/aws-cli";
import { requireProgram, run, TERRAFORM } from "../machine/programs";
import type { Backend } from "./configuration";
import { readConfiguration } from "./read-configuration";
import type { SynthesizedStack } from "./synthesize";

/** A stack's Terraform state. */
export interface State extends StateFile {
  /** The file or object it was read from, for people. */
  readonly from: string;
}

/** The state is not one that Terraform wrote, or not the newest one. A deploy has to wait until it is restored. */
export class UnreadableStateError extends UserError {
  override readonly name = "UnreadableStateError";
  /** The file or object, and what is wrong with it. */
  readonly says: string;
  /** How to restore it. */
  readonly wayOut: string;

  constructor(says: string, wayOut: string) {
    super(`${says}; deploy nothing from it: ${wayOut}`);
    this.says = says;
    this.wayOut = wayOut;
  }
}

/** Whose state it is. */
export type StateOwner = Pick<SynthesizedStack, "folder" | "text">;

const RUNBOOK = "docs/operations.md#restore-a-state";

/**
 * Reads a stack's state without `terraform init`, which would fetch the provider first; undefined where there is none yet.
 *
 * @throws {UnreadableStateError} when the text is not a state.
 * @throws {UserError} when S3 does not give it.
 */
export function readState(stack: StateOwner): Promise<State | undefined> {
  return readStateIn(readConfiguration(stack.text).backend, stack.folder);
}

/** The same of any backend. @param folder - what the path of a local one starts from */
export async function readStateIn({ local, s3 }: Backend, folder: string): Promise<State | undefined> {
  return local === undefined ? s3 && readObject(s3) : readFile(path.resolve(folder, local.path));
}

/** The state file of a stack that names none, in the stack's folder. */
const DEFAULT_FILE = "terraform.tfstate";

/**
 * Reads the state of any program's stack: a file, or an object in S3. Terraform reads the state of a workspace and of other backends, in a
 * folder that is initialized.
 *
 * @throws {UnreadableStateError} when the text is not a state.
 * @throws {UserError} when the folder is not initialized, or the backend does not give the state.
 */
export async function readProgramState({ folder, text }: StateOwner): Promise<State | undefined> {
  const file = findStateFile({ folder, text });
  if (file !== undefined) return readFile(file);
  const { backend } = readConfiguration(text);
  const [kind = "local"] = Object.keys(backend);
  if (kind === "s3" && !isInWorkspace(folder) && isPlainObject(backend.s3)) return readStateIn(backend, folder);
  if (existsSync(path.join(folder, ".terraform"))) return pullState(folder, kind);
  const where = path.relative(process.cwd(), folder) || ".";
  throw new UserError(`its backend is ${kind}, and ${where} is not initialized: ${TERRAFORM} -chdir=${where} init`);
}

/** The file of a stack's state; undefined for the state of a workspace and of other backends. */
export function findStateFile({ folder, text }: StateOwner): string | undefined {
  const { backend } = readConfiguration(text);
  const [kind = "local"] = Object.keys(backend);
  if (kind !== "local" || isInWorkspace(folder)) return undefined;
  return path.resolve(folder, backend.local?.path ?? DEFAULT_FILE);
}

/** @see https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_workspace */
function isInWorkspace(folder: string): boolean {
  return process.env.TF_WORKSPACE !== undefined || existsSync(path.join(folder, ".terraform", "environment"));
}

/** Whether the AWS CLI reads the object with the user's own credentials. */
function isPlainObject(s3: Backend["s3"]): boolean {
  return (
    Object.entries(s3 ?? {}).every(([name, value]) => PLAIN.has(name) && typeof value !== "object") && !!s3?.region
  );
}

/** Arguments of the S3 backend that change nothing about how the object is read. */
const PLAIN = new Set(["bucket", "key", "region", "encrypt", "dynamodb_table", "use_lockfile", "kms_key_id", "acl"]);

/** @see https://developer.hashicorp.com/terraform/cli/commands/state/pull */
async function pullState(folder: string, kind: string): Promise<State | undefined> {
  requireProgram("terraform");
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  const { code, stdout, stderr } = await run(TERRAFORM, ["state", "pull", "-no-color"], { cwd: folder, env });
  const from = `the state in the backend ${kind}`;
  if (code !== 0) throw new UserError(`${from}: ${TERRAFORM} state pull failed: ${stderr.trim().split("\n").at(-1)}`);
  return stdout.trim() === "" ? undefined : parse(from, stdout, RUNBOOK);
}

function readFile(file: string): State | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  const backup = readBackup(file);
  // Terraform creates an empty file to lock it, and writes it later. A Terraform that is killed in between leaves it empty.
  if (text.trim() === "" && backup === undefined) return undefined;
  const name = path.relative(process.cwd(), file);
  const wayOut =
    backup === undefined
      ? `no backup that can be read is beside it; take the file from a copy of this folder (${RUNBOOK})`
      : `${backup.from}, of ${backup.at}, has ${backup.addresses.length} resources; to restore it: ` +
        `node -e "fs.copyFileSync('${backup.from}', '${name}')" (${RUNBOOK})`;
  return parse(name, text, wayOut);
}

/** Reads the state before its last change, which Terraform keeps beside the file; undefined without one that has resources. */
export function readBackup(file: string): (State & { readonly at: string }) | undefined {
  const backup = `${file}.backup`;
  try {
    const state = parseState(readFileSync(backup, "utf8"));
    const at = `${statSync(backup).mtime.toISOString().slice(0, 16).replace("T", " ")} UTC`;
    return state.isEmpty ? undefined : { from: path.relative(process.cwd(), backup), at, ...state };
  } catch {
    return undefined;
  }
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
    const versions = `aws s3api list-object-versions --bucket ${bucket} --prefix ${key}`;
    const wayOut = `${versions} shows its older versions (${RUNBOOK})`;
    return isThere ? parse(from, readFileSync(file, "utf8"), wayOut) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parse(from: string, text: string, wayOut: string): State {
  try {
    return { from, ...parseState(text) };
  } catch (error) {
    throw new UnreadableStateError(`${from}: ${(error as Error).message}`, wayOut);
  }
}
