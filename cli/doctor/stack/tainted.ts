import { aws, type Json } from "../../machine/aws-cli";
import { TERRAFORM } from "../../machine/programs";
import type { State } from "../../terraform/state";
import { describeError, type Finding, fail } from "../finding";
import { findRegion } from "./region";

type Tainted = State["tainted"][number];

/** The call of the AWS CLI that reads the status of a resource, and the status of a finished one. */
interface Progress {
  readonly args: (attributes: Json) => readonly string[];
  readonly status: (answer: Json) => string | undefined;
  readonly finished: string;
}

const PROGRESS: Readonly<Record<string, Progress>> = {
  aws_elasticache_replication_group: {
    args: ({ id }) => ["elasticache", "describe-replication-groups", "--replication-group-id", id],
    status: ({ ReplicationGroups: [group] }) => group?.Status,
    finished: "available",
  },
  aws_elasticache_cluster: {
    args: ({ id }) => ["elasticache", "describe-cache-clusters", "--cache-cluster-id", id],
    status: ({ CacheClusters: [cluster] }) => cluster?.CacheClusterStatus,
    finished: "available",
  },
  aws_elasticache_serverless_cache: {
    args: ({ id }) => ["elasticache", "describe-serverless-caches", "--serverless-cache-name", id],
    status: ({ ServerlessCaches: [cache] }) => cache?.Status,
    finished: "available",
  },
  aws_instance: {
    args: ({ id }) => ["ec2", "describe-instances", "--instance-ids", id],
    status: ({ Reservations: [reservation] }) => reservation?.Instances[0]?.State.Name,
    finished: "running",
  },
  aws_nat_gateway: {
    args: ({ id }) => ["ec2", "describe-nat-gateways", "--nat-gateway-ids", id],
    status: ({ NatGateways: [gateway] }) => gateway?.State,
    finished: "available",
  },
  aws_lb: {
    args: ({ id }) => ["elbv2", "describe-load-balancers", "--load-balancer-arns", id],
    status: ({ LoadBalancers: [balancer] }) => balancer?.State.Code,
    finished: "active",
  },
  aws_ecs_service: {
    args: ({ id, cluster }) => ["ecs", "describe-services", "--cluster", cluster, "--services", id],
    status: ({ services: [service] }) => service?.status,
    finished: "ACTIVE",
  },
  aws_lambda_function: {
    args: ({ id }) => ["lambda", "get-function-configuration", "--function-name", id],
    status: ({ State }) => State,
    finished: "Active",
  },
  aws_dynamodb_table: {
    args: ({ id }) => ["dynamodb", "describe-table", "--table-name", id],
    status: ({ Table }) => Table?.TableStatus,
    finished: "ACTIVE",
  },
};

/**
 * Lists the tainted resources, which the next deploy replaces, and says how to keep each of them.
 *
 * @param region - of resources without an ARN
 * @param folder - the stack's folder, as messages show it
 */
export async function examineTainted(region: string, state: State, folder: string): Promise<Finding[]> {
  return Promise.all(state.tainted.map((one) => examine(one, region, folder)));
}

async function examine({ address, type, attributes }: Tainted, region: string, folder: string): Promise<Finding> {
  const check = "tainted";
  const why = `${address}: its creation was interrupted or failed, and the next deploy destroys it and creates another`;
  const untaint = `${TERRAFORM} -chdir=${folder} untaint '${address}'`;
  const progress = PROGRESS[type];
  if (progress === undefined) {
    return fail(check, why, `look at it at AWS; if it is whole, ${untaint} keeps it`);
  }
  try {
    const status = progress.status(await aws(findRegion(attributes) ?? region, ...progress.args(attributes)));
    if (status === progress.finished)
      return fail(check, `${why}; AWS has finished it (${status})`, `${untaint} keeps it`);
    const next = "wait, then ask the doctor again; when AWS has failed to create it, deploy";
    return fail(check, `${why}; AWS says ${status ?? "that it is gone"}`, next);
  } catch (error) {
    return fail(check, `${why}; AWS was not asked: ${describeError(error)}`, `if it is whole, ${untaint} keeps it`);
  }
}
