import { type RedisConnection, readEnvironment } from "../../environment";
import { resolveCredentials } from "../redis/credentials";
import { requireConnection } from "./inspection";
import type { Report } from "./report";

/** `inspect token`: a password for redis-cli, which can't sign IAM tokens itself. Asks Redis nothing. */
export async function makeToken(): Promise<Report> {
  const connection = requireConnection(readEnvironment(process.env));
  const { auth } = connection;
  if (auth.kind !== "iam") {
    const got = auth.kind === "secret" ? "a password of Secrets Manager" : auth.kind;
    throw new Error(`REDIS_AUTH: got ${got}, takes iam: only there a token logs in`);
  }
  const token = await resolveCredentials(auth).password?.();
  const command = redisCli(connection, auth.user);
  const note = `Logs ${auth.user} in for 15 minutes. Without a copy of it on the command line:\n  ${command}\n`;
  return { data: { token, user: auth.user, command }, text: `${token}\n`, note };
}

/** By environment variable: the arguments of a process are everybody's to read. On Amazon Linux 2023 it is redis6-cli. */
function redisCli({ host, port, cluster, caFile }: RedisConnection, user: string): string {
  const options = ["--tls", ...(caFile === undefined ? [] : ["--cacert", caFile]), ...(cluster ? ["-c"] : [])];
  return `REDISCLI_AUTH="$(session-inspect token)" redis6-cli ${options.join(" ")} -h ${host} -p ${port} --user ${user}`;
}
