import { aws } from "../../machine/aws-cli";
import { type CredentialsError, requireCredentials } from "../../machine/credentials";
import { INSTALL, isOnPath } from "../../machine/programs";
import { readConfiguration } from "../../terraform/read-configuration";
import { readState } from "../../terraform/state";
import type { SynthesizedStack } from "../../terraform/synthesize";
import { describeError, type Finding, fail, inOneLine, ok, skipped, warn } from "../finding";
import { checkConcurrency } from "./concurrency";
import { checkOffers } from "./offers";
import { checkQuotas } from "./quotas";

/** Checks the credentials by a call of AWS. The other checks of the account depend on it. */
export async function checkIdentity(region: string): Promise<Finding> {
  try {
    await requireCredentials();
  } catch (error) {
    const { says, fix } = error as CredentialsError;
    return fail("credentials", inOneLine(says), fix);
  }
  if (!isOnPath("aws")) {
    return skipped("account", "the AWS CLI is not on PATH, which asks AWS", `install it: ${INSTALL.aws}`);
  }
  try {
    const { Account, Arn } = await aws(region, "sts", "get-caller-identity");
    return ok("credentials", `account ${Account} as ${Arn}, region ${region}`);
  } catch (error) {
    return fail(
      "credentials",
      `AWS refuses them: ${describeError(error)}`,
      "log in again (aws sso login, or aws configure)",
    );
  }
}

/** Checks the account before a deploy: the bucket for the state, quotas, and what the region offers. */
export async function examineAccount(region: string, stacks: readonly SynthesizedStack[]): Promise<Finding[]> {
  const buckets = await checkStateBuckets(stacks);
  const examined = await Promise.all(
    stacks.map(async (stack) => ({ stack: readConfiguration(stack.text), isNew: !(await isDeployed(stack)) })),
  );
  const all = examined.map(({ stack }) => stack);
  const undeployed = examined.flatMap(({ stack, isNew }) => (isNew ? [stack] : []));
  const checks = [
    checkQuotas(region, undeployed),
    checkOffers(region, all),
    checkConcurrency(region, { all, undeployed }),
  ];
  return [...buckets, ...(await Promise.all(checks)).flat()];
}

async function isDeployed(stack: SynthesizedStack): Promise<boolean> {
  const state = await readState(stack).catch(() => undefined);
  return state !== undefined && !state.isEmpty;
}

/** Checks the buckets for states. Terraform does not create them, and without versions a bad write destroys a state. */
function checkStateBuckets(stacks: readonly SynthesizedStack[]): Promise<Finding[]> {
  const regions = new Map(
    stacks.flatMap((stack) => {
      const { s3 } = readConfiguration(stack.text).backend;
      return s3 === undefined ? [] : [[s3.bucket, s3.region] as const];
    }),
  );
  return Promise.all([...regions].map(([bucket, region]) => checkBucket(bucket, region)));
}

async function checkBucket(bucket: string, region: string): Promise<Finding> {
  try {
    await aws(region, "s3api", "head-bucket", "--bucket", bucket);
    const { Status } = await aws(region, "s3api", "get-bucket-versioning", "--bucket", bucket);
    if (Status === "Enabled") return ok("state bucket", `${bucket}, with versions`);
    const versions = `--bucket ${bucket} --versioning-configuration Status=Enabled`;
    return warn("state bucket", `${bucket} keeps no versions`, `aws s3api put-bucket-versioning ${versions}`);
  } catch (error) {
    return fail("state bucket", `${bucket}: ${describeError(error)}`, `make it in ${region}, or mend stateBucket`);
  }
}
