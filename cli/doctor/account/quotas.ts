import { aws } from "../../machine/aws-cli";
import type { Configuration } from "../../terraform/configuration";
import { describeError, type Finding, fail, ok, skipped } from "../finding";
import { QUOTAS, type Quota } from "./needs";

/** Checks for each quota whether the account has room for stacks that are not deployed yet. */
export function checkQuotas(region: string, stacks: readonly Configuration[]): Promise<Finding[]> {
  const needs = QUOTAS.map((quota) => ({ quota, need: stacks.reduce((sum, stack) => sum + quota.need(stack), 0) }));
  return Promise.all(needs.filter(({ need }) => need > 0).map(({ quota, need }) => checkQuota(region, quota, need)));
}

async function checkQuota(region: string, quota: Quota, need: number): Promise<Finding> {
  const { what, service, code, used: count } = quota;
  const check = `quota of ${what}`;
  try {
    const [allowed, used] = await Promise.all([
      readQuota(region, quota),
      count === undefined ? undefined : aws(region, ...count).then((answer) => Number(answer.used ?? 0)),
    ]);
    const says = `takes ${need}${used === undefined ? "" : ` beside ${used}`}, ${allowed} in ${region}`;
    if (need + (used ?? 0) <= allowed) return ok(check, says);
    const more = `--service-code ${service} --quota-code ${code} --desired-value ${need + (used ?? 0)}`;
    return fail(check, says, `aws service-quotas request-service-quota-increase --region ${region} ${more}`);
  } catch (error) {
    return skipped(
      check,
      describeError(error),
      `takes ${need}: look at ${service} ${code} in the console of Service Quotas`,
    );
  }
}

/** Reads the account's quota. AWS may have the default value only, if the account's own was never changed. */
async function readQuota(region: string, { service, code }: Quota): Promise<number> {
  const ask = async (call: string) => {
    const { Quota: quota } = await aws(region, "service-quotas", call, "--service-code", service, "--quota-code", code);
    return Number(quota.Value);
  };
  return ask("get-service-quota").catch((error: Error) => {
    if (error.message.includes("NoSuchResource")) return ask("get-aws-default-service-quota");
    throw error;
  });
}
