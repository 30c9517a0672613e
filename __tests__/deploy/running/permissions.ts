import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { region } from "../synthesize";
import type { AppliedState } from "./state";

/** The account that the double makes everything in. */
const ACCOUNT = "123456789012";

/** A call as IAM sees it. */
export interface CallForIam {
  readonly action: string;
  /** ARN of what is called for. */
  readonly resource: string;
  /** Condition keys that this call has beside those of every call, as in `s3:versionid`. */
  readonly context?: Readonly<Record<string, string>>;
  /** The VPC endpoint that the call goes by, if it goes by one. */
  readonly endpoint?: { readonly id: string; readonly policy: string };
}

/**
 * The actions that the policies of roles, buckets and endpoints allow, conditions included. Policies that AWS manages are
 * not evaluated.
 */
export class Permissions {
  readonly #state: AppliedState;

  constructor(state: AppliedState) {
    this.#state = state;
  }

  /**
   * @param role - its name or ARN.
   * @throws naming role, action and resource, when no statement allows it, or one denies it, or IAM knows no such call.
   */
  async assertAllows(role: string, { action, resource, context = {}, endpoint }: CallForIam): Promise<void> {
    const name = role.split("/").at(-1) as string;
    const policies = this.#state.all("aws_iam_role_policy").filter((policy) => policy.role === name);
    const bucket = this.#state
      .all("aws_s3_bucket_policy")
      .find((policy) => resource.startsWith(`arn:aws:s3:::${policy.bucket}/`));
    const simulation: Simulation = {
      request: {
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/played`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: {
          "aws:PrincipalAccount": ACCOUNT,
          "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/${name}`,
          "aws:RequestedRegion": region(),
          "aws:ResourceAccount": ACCOUNT,
          // The front takes calls by TLS alone.
          "aws:SecureTransport": "true",
          ...(endpoint && { "aws:SourceVpce": endpoint.id }),
          ...context,
        },
      },
      identityPolicies: policies.map(({ address, policy }) => ({ name: address, policy: JSON.parse(policy) })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(bucket && { resourcePolicy: JSON.parse(bucket.policy) }),
      ...(endpoint && { vpcEndpointPolicies: [{ name: endpoint.id, policy: JSON.parse(endpoint.policy) }] }),
    };
    const result = await runSimulation(simulation, {});
    if (result.resultType === "error") {
      throw new Error(`role ${name}: IAM takes no ${action} on ${resource}: ${JSON.stringify(result.errors)}`);
    }
    if (result.overallResult !== "Allowed") {
      throw new Error(`role ${name} may not ${action} on ${resource}: ${result.overallResult}`);
    }
  }
}
