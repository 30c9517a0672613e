import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { DISK_ERRORS } from "../../environment/disk-error";
import { TERRAFORM } from "../machine/programs";
import { explainPrintedState, explainSave } from "./unsaved-state";

interface WayOut {
  /** A message of Terraform or AWS, with each run of white space as one blank. */
  readonly said: RegExp;
  /** @param folder - the stack's folder, as messages show it */
  readonly wayOut: (folder: string, said: string) => string;
}

/** Failures with a fix of their own. The first match counts, so the failure that loses most comes first. */
const WAYS_OUT: readonly WayOut[] = [
  {
    said: /raw state data is printed above/,
    wayOut: (folder) =>
      `the state could not be saved, and Terraform printed it instead: ${explainPrintedState(folder)}; deploy nothing before`,
  },
  {
    said: /written to the file "errored\.tfstate"/,
    wayOut: (folder) =>
      `the state could not be saved and is in ${folder}/errored.tfstate: ${explainSave(folder)}; deploy nothing before`,
  },
  ...DISK_ERRORS.map(({ message, says, fix }) => ({
    said: message,
    wayOut: (folder: string, said: string) => {
      const place = new RegExp(`\\s(/\\S+): (?:${message.source})`).exec(said)?.[1] ?? folder;
      return `${place}: ${says}: ${fix}, and run the command again; it goes on from the state`;
    },
  })),
  {
    // Terraform reads a local state to lock it.
    said: /Unsupported state file format/,
    wayOut: () =>
      "the state is not one that Terraform wrote: deploy nothing from it, and restore it: docs/operations.md#restore-a-state",
  },
  {
    said: /Error acquiring the state lock/,
    wayOut: (folder, said) => {
      const id = /\bID: ([\w-]+)/.exec(said)?.[1] ?? "<ID>";
      return `the state is locked by another command at work on it: wait for that one; if there is none, ${TERRAFORM} -chdir=${folder} force-unlock ${id}`;
    },
  },
  {
    said: /Saved plan is stale/,
    wayOut: () =>
      "the state has changed since this plan was made, and nothing was applied: run the command again for a new plan",
  },
  {
    // EC2 has a code of its own: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    said: /ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|SSO session has expired/,
    wayOut: () =>
      "AWS refuses the credentials, which have expired or are not valid: log in again (aws sso login, or aws configure), and run the command again; it goes on from the state",
  },
  {
    // Function already exist, CacheParameterGroupAlreadyExists, ResourceAlreadyExistsException, ...
    said: /Already ?Exist|DuplicateLoadBalancerName/i,
    wayOut: (folder) => {
      const stack = path.basename(folder);
      return (
        "AWS has a resource of this name that the state lacks, of a deploy that was killed or of another environment: " +
        `npm run doctor -- ${stack} names it, npm run deploy -- ${stack} --import-existing takes it into the state; docs/operations.md#a-resource-exists-already`
      );
    },
  },
  {
    said: /must use terraform init -upgrade|Inconsistent dependency lock file/,
    wayOut: (folder) =>
      `the folder is of another version of this project: ${TERRAFORM} -chdir=${folder} init -upgrade -reconfigure, and run the command again`,
  },
];

/** Terraform draws it on a terminal. */
const FRAME = /[│╷╵]/g;

/**
 * Finds the fix for a failure of Terraform; undefined for a failure that Terraform's own message explains.
 *
 * @param folder - the stack's folder, as messages show it
 */
export function findWayOut(stderr: string, folder: string): string | undefined {
  const said = inOneLine(stderr);
  return WAYS_OUT.find((row) => row.said.test(said))?.wayOut(folder, said);
}

/** Terraform's errors without colours, frames and line breaks. Terraform breaks its lines anywhere between words. */
export function inOneLine(stderr: string): string {
  return stripVTControlCharacters(stderr).replaceAll(FRAME, " ").replaceAll(/\s+/g, " ");
}
