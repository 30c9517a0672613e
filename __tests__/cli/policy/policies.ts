import { parseStatements, type Statement } from "../../../cli/terraform/iam-statement";

/** A policy document of a synthesized stack: an identity's, a resource's, or whom a role trusts. */
export interface Policy {
  /** Address and argument. */
  readonly place: string;
  readonly statements: readonly Statement[];
}

interface Stack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly locals?: Readonly<Record<string, string>>;
}

const ACCOUNT = "123456789012";
const REGION = "ap-northeast-1";
/** ARNs as AWS makes them of the types that our policies refer to. One more type is one more line. */
const ARNS: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:some`,
  aws_dynamodb_table: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/some`,
  aws_ecs_cluster: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/some`,
  aws_elasticache_replication_group: `arn:aws:elasticache:${REGION}:${ACCOUNT}:replicationgroup:some`,
  aws_elasticache_user: `arn:aws:elasticache:${REGION}:${ACCOUNT}:user:some`,
  aws_iam_role: `arn:aws:iam::${ACCOUNT}:role/some`,
  aws_s3_bucket: "arn:aws:s3:::some",
  aws_secretsmanager_secret: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:some`,
  aws_vpc: `arn:aws:ec2:${REGION}:${ACCOUNT}:vpc/some`,
};

/** Every policy document in a `cdk.tf.json`, wherever it stands, its references filled in. */
export function policiesIn(json: string): Policy[] {
  const { resource, locals = {} } = JSON.parse(json) as Stack;
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, values]) =>
      Object.entries(values).flatMap(([argument, value]) => {
        if (typeof value !== "string" || !value.includes('"Statement"')) return [];
        return [{ place: `${type}.${name} ${argument}`, statements: parseStatements(filled(value, locals)) }];
      }),
    ),
  );
}

/** @throws for a reference to a type whose ARN is not known here. */
function filled(text: string, locals: Readonly<Record<string, string>>): string {
  return text
    .replaceAll(/\$\{local\.([\w-]+)\}/g, (_, name: string) => expression(locals[name] as string))
    .replaceAll(/\$\{(\w+)\.[\w-]+\.(\w+)\}/g, (_, type: string, attribute: string) => findAttribute(type, attribute));
}

/** The two functions our locals use: an ARN's account, and an ARN whose end is replaced. */
function expression(text: string): string {
  if (text.startsWith("${element(split(")) return ACCOUNT;
  const [, type = "", end] = /^\$\{replace\((\w+)\.[^,]+, .*, "([^"]+)"\)\}$/.exec(text) ?? [];
  if (end === undefined) throw new Error(`${text}: no expression that is known here`);
  return findAttribute(type, "arn").split(":").slice(0, 5).join(":") + end;
}

function findAttribute(type: string, attribute: string): string {
  if (attribute === "owner_id") return ACCOUNT;
  const arn = ARNS[type];
  if (arn === undefined || attribute !== "arn") throw new Error(`${type}.${attribute}: not known here`);
  return arn;
}
