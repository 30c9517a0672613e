import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type Peer, Port, SecurityGroup } from "../connections";
import { allowVisitors, checkVisitors, VISITOR_OPTIONS, type VisitorOptions } from "../connections/visitors";
import { type CpuCredits, InstanceRole } from "../instances";
import { checkCpuCredits } from "../instances/cpu-credits";
import { allowSsh, checkSsh, SSH_ACCESS, type SshAccess } from "../instances/ssh";
import { AwsService, type INetwork, type ISubnet, type ZoneLetter } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { findRegion } from "../stack/region";
import {
  BOOLEAN,
  checkProps,
  checkWholeNumber,
  listOf,
  NUMBER,
  objectOf,
  type PropTypes,
  TEXT,
  ValidationError,
} from "../validation";
import type { WebApp } from "../web-app";
import { WEB_APP } from "../web-app/web-app";
import { createLogs } from "./instance-logs";
import { checkLogs, LOG_OPTIONS, type LogOptions } from "./log-options";
import { Server } from "./server";
import { userData } from "./user-data";

/** Properties of an {@link Ec2Topology}. */
export interface Ec2TopologyProps extends VisitorOptions, LogOptions, ProviderProps {
  /** The network of the instance. */
  readonly network: INetwork;
  /** The web app to serve. */
  readonly app: WebApp;
  /**
   * IPv4 blocks that can connect to the app, as in `203.0.113.0/24`. The app speaks plain http, so the caller decides which networks to
   * allow. `0.0.0.0/0` allows everybody.
   * @default - none; required unless prefix lists or peers are allowed
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * Letter of the instance's zone.
   *
   * @default - the first of the network's zones
   */
  readonly zone?: ZoneLetter;
  /**
   * Instance type, which also decides the architecture. Amazon Linux needs about 1 GiB of memory to install packages.
   *
   * @default "t4g.small"
   */
  readonly instanceType?: string;
  /**
   * Size of the root volume in GiB, at least 8, the size of the image.
   *
   * @default 10
   */
  readonly rootVolumeGib?: number;
  /**
   * Metrics every minute instead of every five minutes. AWS charges for it.
   *
   * @default false
   */
  readonly detailedMonitoring?: boolean;
  /**
   * A burstable instance (T2, T3, T3a, T4g) without CPU credits slows down (`standard`), or AWS charges for more (`unlimited`).
   *
   * @default - AWS' default: unlimited for T3, T3a and T4g, standard for T2
   */
  readonly cpuCredits?: CpuCredits;
  /**
   * Access by SSH.
   * @default - no key pair, and port 22 is closed; Session Manager opens a shell
   */
  readonly ssh?: SshAccess;
}

/** Types of the props of {@link Ec2TopologyProps}. */
export const EC2_TOPOLOGY_PROPS: PropTypes<Ec2TopologyProps> = {
  ...PROVIDER_PROPS,
  ...VISITOR_OPTIONS,
  ...LOG_OPTIONS,
  network: NETWORK,
  app: WEB_APP,
  allowedCidrs: listOf(TEXT),
  zone: TEXT,
  instanceType: TEXT,
  rootVolumeGib: NUMBER,
  detailedMonitoring: BOOLEAN,
  cpuCredits: TEXT,
  ssh: objectOf(SSH_ACCESS),
};

/** S3 has the packages and the bundle. Session Manager needs the other two services. */
const SERVICES = [AwsService.S3, AwsService.SSM, AwsService.SSM_MESSAGES];

/**
 * A web app on one EC2 instance with a fixed address, in a public subnet.
 *
 * @throws when no visitor is allowed, a block or prefix list is malformed, the zone has no public subnet, the instance type does not exist,
 * or SSH has no key or an empty list of blocks.
 */
export class Ec2Topology extends Construct implements Peer {
  readonly securityGroup: SecurityGroup;
  /** Id of the instance, `i-...`. */
  readonly instanceId: string;
  /** Resources that exist once the instance does. */
  readonly dependables: readonly ITerraformDependable[];
  /** Address of the app, as in `http://203.0.113.7:5000`. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: Ec2TopologyProps) {
    super(scope, id);
    checkProps(this, props, EC2_TOPOLOGY_PROPS);
    useProvider(this, props);
    const { app, network, instanceType = "t4g.small", rootVolumeGib = 10, detailedMonitoring = false, ssh } = props;
    const { logs = false } = props;
    checkLogs(this, logs, app);
    checkVisitors(this, { ...props, allowedCidrs: props.allowedCidrs ?? [] });
    checkSsh(this, ssh);
    checkCpuCredits(this, instanceType, props.cpuCredits);
    checkWholeNumber(this, "rootVolumeGib", rootVolumeGib, { min: 8, fix: "leave it out for 10" });
    const subnet = this.#subnet(props);

    this.securityGroup = new SecurityGroup(this, "security-group", {
      network,
      description: "Web app on an instance",
    });
    const role = new InstanceRole(this, "role");
    const sent = logs ? createLogs(this, role.role, props.logRetentionDays) : undefined;
    const services = [...SERVICES, ...(logs ? [AwsService.CLOUDWATCH_LOGS] : []), ...app.awsServices];
    const rules = [...this.#openInbound(props), ...network.reachAws(this, [subnet], services)];
    const access = app.connect({ role: role.role, securityGroup: this.securityGroup });

    const server = new Server(this, "server", {
      subnet,
      securityGroup: this.securityGroup,
      profileName: role.profileName,
      userData: this.#userData(app, sent?.logGroupName),
      dependables: [...rules, ...access, ...(sent?.dependables ?? []), ...role.dependables],
      instanceType,
      rootVolumeGib,
      detailedMonitoring,
      cpuCredits: props.cpuCredits,
      keyName: ssh?.keyName,
    });
    this.instanceId = server.instanceId;
    this.dependables = server.dependables;
    this.url = `http://${server.publicIp}:${app.port}`;
  }

  #subnet({ network, zone }: Ec2TopologyProps): ISubnet {
    const subnet = network.publicSubnets.find((candidate) => zone === undefined || candidate.zone === zone);
    if (subnet !== undefined) return subnet;
    throw new ValidationError(this, {
      what: "zone",
      got: zone ?? "none",
      allowed: network.publicSubnets.map((candidate) => candidate.zone).join(", ") || "a zone with a public subnet",
      fix: "take a zone in which the network has a public subnet",
    });
  }

  #openInbound({ app, ssh, allowedCidrs = [], ...others }: Ec2TopologyProps): ITerraformDependable[] {
    return [
      ...allowVisitors(this, { ...others, allowedCidrs }, Port.tcp(app.port), "Visitors of the web app"),
      ...allowSsh(this, ssh),
    ];
  }

  #userData(app: WebApp, logGroupName: string | undefined): string {
    return userData(this, {
      region: findRegion(this),
      artifact: app.artifact,
      port: app.port,
      healthCheckPath: app.healthCheckPath,
      commands: app.commands,
      environment: app.environmentAt({ scheme: "http", proxies: 0 }),
      logGroupName,
    });
  }
}
