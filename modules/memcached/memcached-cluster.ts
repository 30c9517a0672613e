import { ElasticacheCluster } from "@cdktf/provider-aws/lib/elasticache-cluster";
import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { PhotoCacheVariables } from "../../environment/photo-cache";
import { openPort, type Peer, Port, SecurityGroup } from "../connections";
import { checkCacheArns, checkId, checkNodeType, checkWindows, warnOfNodeType, warnOfVersion } from "../elasticache";
import { buildName, NameLimits } from "../naming";
import { useProvider } from "../stack/provider";
import { checkProps } from "../validation";
import { connectionVariables, type IMemcachedCluster, type MemcachedEndpoint } from "./contract";
import { MemcachedEngine } from "./engine";
import { ExistingMemcached, type ExistingMemcachedProps } from "./existing-memcached";
import { type Placement, placeNodes } from "./placement";
import { MEMCACHED_CLUSTER_PROPS, type MemcachedClusterProps } from "./props";
import { checkDisks, checkTls } from "./validation";

/**
 * The same as for a cache of Redis (hashicorp/terraform-provider-aws#33011). The provider waits 40 minutes for the creation and the deletion
 * of a cluster.
 */
const TIMEOUTS = { create: "90m", update: "90m", delete: "60m" };

/**
 * Memcached nodes that share the keys. They are spread over zones, and accept TLS connections from peers that `allowFrom` names.
 *
 * Memcached on ElastiCache has no users, no IAM authentication, no encryption at rest, no snapshots, no replicas and no
 * logs. A client that reaches the port can read and write everything, so the security group is the only access control. Data that is lost
 * with a node must be stored elsewhere too. For other data, use a `RedisCluster`.
 *
 * @throws when props contradict each other, or ElastiCache does not accept a value.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SelectEngine.html
 */
export class MemcachedCluster extends Construct implements IMemcachedCluster {
  /**
   * An existing cluster. Peers that connect add rules to its security group; nothing else of it changes.
   *
   * @throws when the endpoint's name, its port or the group's id is malformed.
   */
  static fromExisting(scope: Construct, id: string, props: ExistingMemcachedProps): IMemcachedCluster {
    return new ExistingMemcached(scope, id, props);
  }

  readonly securityGroup: SecurityGroup;
  readonly endpoint: MemcachedEndpoint;
  readonly connection: PhotoCacheVariables;
  readonly transitEncryption: boolean;

  /** The engine of the cache. */
  readonly engine: MemcachedEngine;
  /** Number of nodes. */
  readonly nodes: number;
  /** Id of the cluster; lower case and known at synth. Its nodes are `0001`, `0002` and so on in metrics. */
  readonly clusterId: string;
  /** Resources that exist once the cluster does. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: MemcachedClusterProps) {
    super(scope, id);
    checkProps(this, props, MEMCACHED_CLUSTER_PROPS);
    useProvider(this, props);
    const { network, nodeType = "cache.t4g.micro", transitEncryption = true } = props;
    this.engine = props.engine ?? MemcachedEngine.MEMCACHED_1_6_22;
    this.transitEncryption = transitEncryption;
    checkNodeType(this, nodeType);
    checkDisks(this, nodeType);
    warnOfNodeType(this, nodeType, "memcached");
    warnOfVersion(this, "memcached", this.engine.version);
    checkCacheArns(this, props);
    if (transitEncryption) checkTls(this, this.engine, nodeType);
    checkWindows(this, props);
    const placement = placeNodes(this, { ...props, subnets: network.privateSubnets });
    this.nodes = placement.availabilityZones.length;
    this.clusterId = this.#chooseClusterId();

    this.securityGroup = new SecurityGroup(this, "security-group", {
      network,
      description: "Cache in memcached: its port, from named peers only",
    });
    const cluster = this.#createCluster(props, nodeType, placement);
    this.dependables = [cluster];
    this.endpoint = { host: cluster.clusterAddress, port: this.engine.port };
    this.connection = connectionVariables(this.endpoint, this.transitEncryption);
  }

  allowFrom(peer: Peer): ITerraformDependable[] {
    return openPort(peer, this, Port.tcp(this.engine.port), "Cache in memcached");
  }

  #chooseClusterId(): string {
    const clusterId = buildName(this, NameLimits.CACHE_CLUSTER).toLowerCase();
    checkId(this, NameLimits.CACHE_CLUSTER.what, clusterId);
    return clusterId;
  }

  #createCluster(
    props: MemcachedClusterProps,
    nodeType: string,
    { azMode, availabilityZones }: Placement,
  ): ElasticacheCluster {
    const { maintenanceWindow, notificationTopic } = props;
    return new ElasticacheCluster(this, "cluster", {
      clusterId: this.clusterId,
      engine: "memcached",
      engineVersion: this.engine.version,
      nodeType,
      numCacheNodes: this.nodes,
      azMode,
      preferredAvailabilityZones: [...availabilityZones],
      port: this.engine.port,
      parameterGroupName: this.#createParameterGroup(props),
      subnetGroupName: this.#createSubnetGroup(props),
      securityGroupIds: [this.securityGroup.id],
      transitEncryptionEnabled: this.transitEncryption,
      // Without it, a new node waits for the maintenance window, and each plan until then shows the change again.
      applyImmediately: true,
      timeouts: TIMEOUTS,
      ...(maintenanceWindow && { maintenanceWindow }),
      ...(notificationTopic && { notificationTopicArn: notificationTopic.arn }),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
  }

  /** AWS cannot delete a group in use or change its family, so a new group with another name is created first. */
  #createParameterGroup({ parameters = {} }: MemcachedClusterProps): string {
    const all = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
    // Names of parameter groups have no dot, but a family has one.
    const family = this.engine.family.replace(".", "-");
    return new ElasticacheParameterGroup(this, "parameters", {
      name: buildName(this, NameLimits.CACHE_PARAMETER_GROUP, family).toLowerCase(),
      family: this.engine.family,
      // A constant, because a new description replaces the group, under the same name.
      description: "Parameters of a cache in memcached",
      parameter: all.map(([name, value]) => ({ name, value })),
      tags: { Name: buildName(this, NameLimits.TAG, "parameters") },
      lifecycle: { createBeforeDestroy: true },
    }).name;
  }

  #createSubnetGroup({ network }: MemcachedClusterProps): string {
    return new ElasticacheSubnetGroup(this, "subnet-group", {
      name: buildName(this, NameLimits.CACHE_SUBNET_GROUP).toLowerCase(),
      description: "Private subnets of a cache in memcached",
      subnetIds: network.privateSubnets.map((subnet) => subnet.subnetId),
      tags: { Name: buildName(this, NameLimits.TAG) },
    }).name;
  }
}
