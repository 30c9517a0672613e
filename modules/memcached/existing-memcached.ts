import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { PhotoCacheVariables } from "../../environment/photo-cache";
import { type ISecurityGroup, openPort, type Peer, Port, SecurityGroup } from "../connections";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { BOOLEAN, checkProps, checkText, NUMBER, type PropTypes, required, TEXT } from "../validation";
import { connectionVariables, type IMemcachedCluster, type MemcachedEndpoint } from "./contract";

/** Properties of an existing cluster. */
export interface ExistingMemcachedProps extends ProviderProps {
  /** Name of the configuration endpoint, without a port. */
  readonly host: string;
  /**
   * TCP port of the endpoint and of each node.
   * @default 11211
   */
  readonly port?: number;
  /**
   * Whether clients connect with TLS. Without TLS, cached data crosses the network unencrypted.
   * @default true
   */
  readonly transitEncryption?: boolean;
  /** Id of a security group of the cluster. Each peer that connects adds a rule to it. */
  readonly securityGroupId: string;
}

/** Types of the props of {@link ExistingMemcachedProps}. */
export const EXISTING_MEMCACHED_PROPS: PropTypes<ExistingMemcachedProps> = {
  ...PROVIDER_PROPS,
  host: required(TEXT),
  port: NUMBER,
  transitEncryption: BOOLEAN,
  securityGroupId: required(TEXT),
};

const HOST = /^[a-zA-Z0-9][a-zA-Z0-9.-]*$/;

/** An existing cluster. Only the rules that let peers in are added to it. */
export class ExistingMemcached extends Construct implements IMemcachedCluster {
  readonly securityGroup: ISecurityGroup;
  readonly endpoint: MemcachedEndpoint;
  readonly connection: PhotoCacheVariables;
  readonly transitEncryption: boolean;

  constructor(scope: Construct, id: string, props: ExistingMemcachedProps) {
    super(scope, id);
    checkProps(this, props, EXISTING_MEMCACHED_PROPS);
    useProvider(this, props);
    const { host, port = 11_211, transitEncryption = true, securityGroupId } = props;
    checkText(this, "host", host, {
      pattern: HOST,
      allowed: "the name of a configuration endpoint, without scheme and port",
      fix: 'write it like "photos.abc123.cfg.apne1.cache.amazonaws.com", and the port in port',
    });
    Port.tcp(port);

    this.securityGroup = SecurityGroup.fromExisting(this, "security-group", { securityGroupId });
    this.endpoint = { host, port };
    this.transitEncryption = transitEncryption;
    this.connection = connectionVariables(this.endpoint, transitEncryption);
  }

  allowFrom(peer: Peer): ITerraformDependable[] {
    return openPort(peer, this, Port.tcp(this.endpoint.port), "Cache in memcached");
  }
}
