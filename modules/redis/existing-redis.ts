import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import type { EnvironmentVariables } from "../../environment";
import { ArnKinds, checkArn } from "../arn";
import { type ISecurityGroup, openPort, type Peer, Port, SecurityGroup } from "../connections";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { findRegion } from "../stack/region";
import {
  BOOLEAN,
  checkOneOf,
  checkProps,
  checkText,
  NUMBER,
  objectWith,
  type PropType,
  type PropTypes,
  required,
  TEXT,
  ValidationError,
} from "../validation";
import { connectionVariables } from "./connection";
import type { ConnectingRole, IRedisCluster, RedisEndpoint } from "./contract";
import {
  IAM_LOGIN,
  type IamLogin,
  iamLogin,
  type Login,
  NO_LOGIN,
  PASSWORD_LOGIN,
  type PasswordLogin,
  passwordLogin,
} from "./login";
import { SERVERLESS_PORTS } from "./serverless-mode";

/** The login to an existing cache. */
export type ExistingRedisAuth =
  | ({ readonly kind: "iam" } & IamLogin)
  | ({ readonly kind: "password" } & PasswordLogin)
  | { readonly kind: "none" };

/** Properties of an existing cache. */
export interface ExistingRedisProps extends ProviderProps {
  /**
   * DNS name that clients connect to, without a port: the primary endpoint, in cluster mode the configuration endpoint, or the endpoint
   * of a serverless cache.
   */
  readonly host: string;
  /**
   * TCP port of the endpoint.
   * @default 6379
   */
  readonly port?: number;
  /**
   * Whether `host` is a configuration endpoint.
   * @default false
   */
  readonly clusterMode?: boolean;
  /**
   * Whether the cache uses TLS. Without TLS, session ids and data cross the network unencrypted.
   * @default true
   */
  readonly tls?: boolean;
  /**
   * Whether the cache is a serverless cache. Its port, cluster mode and TLS are then given. Tokens of a login by IAM have another
   * form, and peers may connect to its reader port too.
   * @default false
   */
  readonly serverless?: boolean;
  /** Id of a security group of the cache. Each peer that connects adds a rule to it. */
  readonly securityGroupId: string;
  /** The app's login. There is no default, because the existing cache decides which login it needs. */
  readonly auth: ExistingRedisAuth;
}

/** Types of the props of {@link ExistingRedisProps}. */
export const EXISTING_REDIS_PROPS: PropTypes<ExistingRedisProps> = {
  ...PROVIDER_PROPS,
  host: required(TEXT),
  port: NUMBER,
  clusterMode: BOOLEAN,
  tls: BOOLEAN,
  serverless: BOOLEAN,
  securityGroupId: required(TEXT),
  auth: required(objectWith("an object with kind: iam, password or none", 'write it like { kind: "none" }', "kind")),
};

/** Types of the props of a login, by its kind. */
const AUTH_PROPS: Readonly<Record<ExistingRedisAuth["kind"], Readonly<Record<string, PropType>>>> = {
  iam: { kind: TEXT, ...IAM_LOGIN },
  password: { kind: TEXT, ...PASSWORD_LOGIN },
  none: { kind: TEXT },
};
const KINDS = { IAM: "iam", PASSWORD: "password", NONE: "none" };

const HOST = /^[a-zA-Z0-9][a-zA-Z0-9.-]*$/;

/** An existing cache. Only the rules that let peers in are added to it; nothing else of it changes. */
export class ExistingRedis extends Construct implements IRedisCluster {
  readonly securityGroup: ISecurityGroup;
  readonly endpoint: RedisEndpoint;
  readonly connection: EnvironmentVariables;
  readonly connectionByEndpoint: EnvironmentVariables;
  readonly #login: Login;
  readonly #ports: Port;

  constructor(scope: Construct, id: string, props: ExistingRedisProps) {
    super(scope, id);
    checkProps(this, props, EXISTING_REDIS_PROPS);
    useProvider(this, props);
    const { host, serverless = false, securityGroupId, auth } = props;
    if (serverless) checkServerless(this, props);
    const { port = 6379, clusterMode = serverless, tls = true } = props;
    checkText(this, "host", host, {
      pattern: HOST,
      allowed: "a host name without scheme and port",
      fix: 'write it like "master.sessions.abc123.apne1.cache.amazonaws.com", and the port in port',
    });
    checkOneOf(this, "auth.kind", auth.kind, KINDS, { atSynth: true });
    checkProps<object>(this, auth, AUTH_PROPS[auth.kind], "auth");
    if (auth.kind === "iam") checkIam(this, auth, { tls, serverless });
    this.#ports = serverless ? SERVERLESS_PORTS : Port.tcp(port);

    this.securityGroup = SecurityGroup.fromExisting(this, "security-group", { securityGroupId });
    this.endpoint = { host, port };
    this.#login = this.#createLogin(auth, serverless);
    const variables = connectionVariables(this.endpoint, { clusterMode, tls }, this.#login);
    this.connection = variables.connection;
    this.connectionByEndpoint = variables.connectionByEndpoint;
  }

  allowFrom(peer: Peer): ITerraformDependable[] {
    return openPort(peer, this, this.#ports, "Sessions in Redis");
  }

  grantConnect(role: ConnectingRole): ITerraformDependable[] {
    return this.#login.grantTo(role);
  }

  #createLogin(auth: ExistingRedisAuth, serverless: boolean): Login {
    switch (auth.kind) {
      case "iam":
        return iamLogin(this, auth, serverless);
      case "password":
        return passwordLogin(this, auth);
      case "none":
        return NO_LOGIN;
    }
  }
}

/** Refuses what a serverless cache cannot have. */
function checkServerless(scope: Construct, { port, clusterMode, tls }: ExistingRedisProps): void {
  const { first } = SERVERLESS_PORTS;
  const allowed = `port ${first}, cluster mode and TLS, as every serverless cache has`;
  for (const [what, got, only] of [
    ["port", port, first],
    ["clusterMode", clusterMode, true],
    ["tls", tls, true],
  ] as const) {
    if (got === undefined || got === only) continue;
    throw new ValidationError(scope, { what, got: `${got} beside serverless`, allowed, fix: "leave it out" });
  }
}

function checkIam(
  scope: Construct,
  { cacheId, arns }: IamLogin,
  { tls, serverless }: { readonly tls: boolean; readonly serverless: boolean },
): void {
  if (!tls) {
    throw new ValidationError(scope, {
      what: "auth",
      got: "iam without TLS",
      allowed: "iam only with TLS, ElastiCache refuses it otherwise",
      fix: "leave tls out, or take another auth",
    });
  }
  checkText(scope, "cacheId", cacheId, {
    pattern: /^[^A-Z]*$/,
    allowed: "the cache's id in lower case: a token for another spelling is refused",
    fix: `write "${cacheId.toLowerCase()}"`,
  });
  // Tokens are signed for the stack's region: a cache in another region refuses them.
  const region = findRegion(scope);
  for (const arn of arns) checkArn(scope, "arns", arn, { kind: ArnKinds.CACHE, region });
  checkKind(scope, arns, serverless);
}

/** A token names the kind of its cache, and a cache of the other kind refuses it. */
function checkKind(scope: Construct, arns: readonly string[], serverless: boolean): void {
  const [own, other] = serverless ? ["serverlesscache", "replicationgroup"] : ["replicationgroup", "serverlesscache"];
  const odd = arns.find((arn) => !Token.isUnresolved(arn) && arn.split(":")[5] === other);
  if (odd === undefined) return;
  throw new ValidationError(scope, {
    what: "arns",
    got: `${JSON.stringify(odd)} with serverless ${serverless}`,
    allowed: `the ARN of a ${own}`,
    fix: serverless ? "leave serverless out" : "add serverless: true",
  });
}
