import { findNodeType, limitProcesses } from "../../../modules/elasticache/node-types";
import { aws } from "../../machine/aws-cli";
import type { Configuration } from "../../terraform/configuration";
import { describeError, type Finding, fail, ok, skipped, warn } from "../finding";
import { listFunctions, type WantedFunction } from "./wanted";

/**
 * Runs at once that Lambda keeps for functions without a reservation.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const KEPT = 100;

/** The account's limits of runs at once. */
interface AccountLimits {
  /** Of all functions together. */
  readonly all: number;
  /** Of functions without a reservation. */
  readonly unreserved: number;
}

/** The stacks whose functions are checked. */
interface CheckedStacks {
  readonly all: readonly Configuration[];
  /** AWS has to make room for reservations of these. */
  readonly undeployed: readonly Configuration[];
}

/** Checks for each function whether its cache has connections for the runs at once that the account allows. */
export async function checkConcurrency(region: string, { all, undeployed }: CheckedStacks): Promise<Finding[]> {
  const functions = all.flatMap((stack) =>
    listFunctions(stack).map((one) => ({ one, isNew: undeployed.includes(stack) })),
  );
  if (functions.length === 0) return [];
  const limits = await readLimits(region).catch((error: unknown) => describeError(error));
  return functions.map(({ one, isNew }) => judge(one, limits, isNew));
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
async function readLimits(region: string): Promise<AccountLimits> {
  const { AccountLimit } = await aws(region, "lambda", "get-account-settings");
  return { all: AccountLimit.ConcurrentExecutions, unreserved: AccountLimit.UnreservedConcurrentExecutions };
}

function judge(
  { name, nodeType, connectionsEach, reserved }: WantedFunction,
  limits: AccountLimits | string,
  isNew: boolean,
): Finding {
  const check = `concurrency of ${name}`;
  const most = limitProcesses(findNodeType(nodeType)?.connections, connectionsEach);
  const carried = `${nodeType} has connections for ${most} at once`;
  if (typeof limits === "string") {
    return skipped(check, `${carried}; the account's limit is unknown: ${limits}`, "aws lambda get-account-settings");
  }
  if (reserved === undefined) {
    if (limits.all <= most) return ok(check, `${carried}, the account allows ${limits.all}: no reservation is needed`);
    const says = `${carried}, and the account allows ${limits.all}`;
    return warn(check, says, `a reservation of at most ${most}: lambda.reservedConcurrency`);
  }
  if (!isNew || limits.unreserved - reserved >= KEPT) return ok(check, `${carried}, ${reserved} are reserved`);
  const says = `${reserved} to be reserved of ${limits.unreserved}: Lambda keeps ${KEPT} for functions without a reservation`;
  return fail(check, says, "a smaller lambda.reservedConcurrency, or none");
}
