import type { Certificate } from "../../programs/certificate";
import type { IamFront } from "../../programs/iam-login";
import { TAKEN } from "../../programs/iam-login";
import { startServerlessCache } from "../../programs/serverless-cache";
import { region } from "../synthesize";
import type { AwsFront } from "./aws-front";
import { listRefusals, type RedisNode, type RunningRedis } from "./redis";
import { iamUsers, redisAcl } from "./redis-parameters";
import type { Applied, AppliedState } from "./state";

/** The names of a serverless cache's endpoints. */
export function serverlessNames(cache: Applied): string[] {
  return [cache.endpoint[0].address, cache.reader_endpoint[0].address];
}

/**
 * Starts a serverless cache of the applied state, with its users' rights. It takes the IAM tokens of callers whom AWS' front knows.
 *
 * @throws with what redis-server said, when it refuses an access string.
 */
export async function startServerless(
  state: AppliedState,
  cache: Applied,
  { certificate, front: { secrets } }: { readonly certificate: Certificate; readonly front: AwsFront },
): Promise<RunningRedis> {
  const id: string = cache.name;
  const group = { ...cache, user_group_ids: cache.user_group_id ? [cache.user_group_id] : [] };
  const acl = () => redisAcl(state, group).map((line) => withToken(state, group, line));
  const [endpoint, reader] = [cache.endpoint[0], cache.reader_endpoint[0]];
  const played = await startServerlessCache({
    certificate,
    iam: { cacheId: id, region: region(), secrets },
    acl: acl(),
    endpoint,
  }).catch((error) => {
    throw new Error(`${id}: ${(error as Error).message}`);
  });
  const fronts = [played.front, played.reader];
  const node: RedisNode = { ...played.node, zone: "every zone" };
  const way = ({ address, port }: Applied, to: IamFront) => ({ host: address, port, leadsTo: () => to.port });
  return {
    id,
    end: { name: `cache ${id}`, securityGroups: cache.security_group_ids },
    port: endpoint.port,
    nodes: [node],
    ways: [way(endpoint, played.front), way(reader, played.reader)],
    connectsTo: (userName) => iamUsers(state, group, userName).flatMap((user) => [cache.arn, user.arn]),
    standIns: ["replicas and failovers of a serverless cache, which AWS hides", "the CA of Amazon's certificates"],
    promote: () => Promise.reject(new Error(`${id}: AWS promotes replicas of a serverless cache unseen`)),
    primary: () => node,
    follow: () => played.setUsers(acl()),
    renew: async (next) => {
      for (const front of fronts) front.renew(next);
    },
    async refusals() {
      const logins = fronts.flatMap((front) => front.logins.filter((login) => login !== "taken"));
      return [...logins.map((why) => `${id} refused a token: ${why}`), ...(await listRefusals(id, [node]))];
    },
    stop: () => played.stop(),
  };
}

/** A user who logs in by IAM has the password that stands for a token that was taken. */
function withToken(state: AppliedState, group: Applied, line: string): string {
  const [, name = ""] = line.split(" ");
  return iamUsers(state, group, name).length > 0 ? line.replace(" nopass ", ` >${TAKEN} `) : line;
}
