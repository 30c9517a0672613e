import { moreVisits } from "../../programs/ride";
import type { StrictAws } from "../aws-double/start";
import type { Deployed, Findings } from "../cycle";
import { type Edit, type Opened, planEdit } from "../edits";
import { ONE_MORE_COMMAND } from "../synthesize";
import { StepFailed } from "../terraform";
import type { Running } from "./start";
import type { Strike } from "./under-load";

/** A rotation while visitors come. */
export interface Rotation {
  /** Its row of docs/upgrades.md: of rotations, and of edits where it is one. */
  readonly what: string;
  /** The edit to apply. @default - nothing: AWS does it by itself */
  readonly edit?: Omit<Edit, "promise">;
  /** Steps beside those that follow from the edit. */
  readonly also?: (running: Running, aws: StrictAws) => Promise<void>;
}

/** Enough for every server to get forms that the others made. */
const MANY = 30;

/** Plans the edit, and holds it against its promise. @returns what applies it, and brings what runs to where AWS would. */
export async function rotation(
  running: Running,
  deployed: Deployed,
  { what, edit, also }: Rotation,
  plans: Findings["plans"],
  opened: Opened,
): Promise<Strike> {
  const planned = edit && (await planEdit(deployed, { promise: what, ...edit }, opened));
  if (planned !== undefined) plans[what] = planned.changes;
  if (planned?.broken !== undefined) throw new StepFailed(planned.broken);
  return {
    async strike(load) {
      const sendForms = await load.readForms();
      if (planned !== undefined) await running.follow(await planned.apply());
      await also?.(running, deployed.aws);
      await sendForms();
      await moreVisits(load, MANY);
    },
  };
}

/** The new key is the current one, and the one before is still there for what it signed; a server that starts now knows both. */
export async function bothKeysAreRead(running: Running, { aws }: StrictAws): Promise<void> {
  const [secret] = (await aws("secretsmanager", "list-secrets")).SecretList;
  const read = async (stage: string) =>
    (await aws("secretsmanager", "get-secret-value", "--secret-id", secret.ARN, "--version-stage", stage)).SecretString;
  const [current, previous] = [await read("AWSCURRENT"), await read("AWSPREVIOUS")];
  if (current === previous) throw new StepFailed("SECRET_KEY rotated: the key is the one before");
  // It signs with the new one; the others have to find out.
  await replaceOne(running);
}

/** The user's rights are other ones, on each node. */
export async function hasMoreRights({ redis, state }: Running): Promise<void> {
  const [{ user_name }] = state.all("aws_elasticache_user").filter((user) => user.user_name !== "default") as [
    { user_name: string },
  ];
  for (const { admin, name } of redis.flatMap(({ nodes }) => nodes)) {
    const answer = await admin.call("ACL", "DRYRUN", user_name, ONE_MORE_COMMAND, "session:x", "field");
    if (answer !== "OK") throw new StepFailed(`${name}: ${user_name} may not ${ONE_MORE_COMMAND}: ${answer}`);
  }
}

/** Certificates of another CA; a server that starts now makes its first link to them. */
export async function otherCertificates(running: Running): Promise<void> {
  await running.renewCertificates();
  await replaceOne(running);
}

/** As one that scaling starts in between. */
async function replaceOne(running: Running): Promise<void> {
  const [server] = running.servers();
  if (server !== undefined) await running.replace(server);
}
