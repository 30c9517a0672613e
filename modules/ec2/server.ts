import { Eip } from "@cdktf/provider-aws/lib/eip";
import { EipAssociation } from "@cdktf/provider-aws/lib/eip-association";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { SecurityGroup } from "../connections";
import { type CpuCredits, lookUpImageId, MachineImages } from "../instances";
import { ebsOptimization } from "../instances/instance-type";
import { buildName, NameLimits } from "../naming";
import type { ISubnet } from "../network";
import { dependOn } from "../stack/dependencies";

/** Properties of a {@link Server}. */
export interface ServerProps {
  readonly subnet: ISubnet;
  readonly securityGroup: SecurityGroup;
  readonly profileName: string;
  readonly userData: string;
  /** Resources that must exist before the instance boots, besides its address and the subnet's routes. */
  readonly dependables: readonly ITerraformDependable[];
  readonly instanceType: string;
  readonly rootVolumeGib: number;
  readonly detailedMonitoring: boolean;
  readonly cpuCredits: CpuCredits | undefined;
  readonly keyName: string | undefined;
}

/**
 * An instance of Amazon Linux 2023 with an address that stays when the instance is replaced. The address is attached some seconds after the
 * boot begins. Until then, the user data retries its downloads.
 */
export class Server extends Construct {
  readonly instanceId: string;
  /** Resources that exist once the instance does. */
  readonly dependables: readonly ITerraformDependable[];
  /** The address, IPv4. */
  readonly publicIp: string;

  constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id);
    const tags = { Name: buildName(this, NameLimits.TAG) };
    // Not set, because with an elastic IP the provider reads true, and false would replace the instance.
    const instance = new Instance(this, "instance", {
      ami: lookUpImageId(this, MachineImages.AMAZON_LINUX_2023, props.instanceType),
      instanceType: props.instanceType,
      subnetId: props.subnet.subnetId,
      vpcSecurityGroupIds: [props.securityGroup.id],
      iamInstanceProfile: props.profileName,
      userData: props.userData,
      userDataReplaceOnChange: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { volumeType: "gp3", volumeSize: props.rootVolumeGib, encrypted: true, tags },
      ...(ebsOptimization(props.instanceType) && { ebsOptimized: true }),
      monitoring: props.detailedMonitoring,
      ...(props.cpuCredits !== undefined && { creditSpecification: { cpuCredits: props.cpuCredits } }),
      ...(props.keyName !== undefined && { keyName: props.keyName }),
      tags,
      // A new image would replace the instance. Only the next instance gets it (docs/operations.md, Patch).
      lifecycle: { ignoreChanges: ["ami"] },
      dependsOn: dependOn(this, [...props.subnet.dependables, ...props.dependables]),
    });
    this.instanceId = instance.id;
    this.dependables = [instance];
    this.publicIp = this.#address(instance, props, tags);
  }

  #address(instance: Instance, { subnet }: ServerProps, tags: { Name: string }): string {
    // AWS refuses an elastic IP in a VPC without an internet gateway.
    const dependsOn = dependOn(this, subnet.dependables);
    const address = new Eip(this, "address", { domain: "vpc", tags, dependsOn });
    new EipAssociation(this, "association", { allocationId: address.allocationId, instanceId: instance.id });
    return address.publicIp;
  }
}
