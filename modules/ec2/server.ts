import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { EipAssociation } from "@cdktf/provider-aws/lib/eip-association";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { NetworkInterface } from "@cdktf/provider-aws/lib/network-interface";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { SecurityGroup } from "../connections";
import { NameLimits, nameOf } from "../naming";
import type { ISubnet } from "../network";
import { architectureOf } from "./instance-type";

export interface ServerProps {
  readonly subnet: ISubnet;
  readonly securityGroup: SecurityGroup;
  readonly profileName: string;
  readonly userData: string;
  /** What must exist before it boots, beside its address and the subnet's routes. */
  readonly dependables: readonly ITerraformDependable[];
  readonly instanceType: string;
  readonly rootVolumeGib: number;
  readonly detailedMonitoring: boolean;
  readonly keyName: string | undefined;
}

/**
 * An instance of Amazon Linux 2023 that has its address from the first second of its boot: the address belongs to a
 * network interface that is there before the instance, and stays when the instance is replaced.
 */
export class Server extends Construct {
  readonly instanceId: string;
  /** The address, IPv4. */
  readonly publicIp: string;

  constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id);
    const tags = { Name: nameOf(this, NameLimits.TAG) };

    const networkInterface = new NetworkInterface(this, "interface", {
      subnetId: props.subnet.subnetId,
      securityGroups: [props.securityGroup.id],
      description: "Keeps the address of the web app",
      tags,
    });
    const address = new Eip(this, "address", { domain: "vpc", tags });
    this.publicIp = address.publicIp;
    const association = new EipAssociation(this, "association", {
      allocationId: address.allocationId,
      networkInterfaceId: networkInterface.id,
      // Only a VPC with an internet gateway takes one.
      dependsOn: [...props.subnet.dependables],
    });

    this.instanceId = new Instance(this, "instance", {
      ami: this.#image(props.instanceType),
      instanceType: props.instanceType,
      networkInterface: [{ deviceIndex: 0, networkInterfaceId: networkInterface.id }],
      iamInstanceProfile: props.profileName,
      userData: props.userData,
      userDataReplaceOnChange: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { volumeType: "gp3", volumeSize: props.rootVolumeGib, encrypted: true, tags },
      ebsOptimized: true,
      monitoring: props.detailedMonitoring,
      ...(props.keyName !== undefined && { keyName: props.keyName }),
      tags,
      // A newer image is for the next instance; this one gets its updates from dnf.
      lifecycle: { ignoreChanges: ["ami"] },
      dependsOn: [association, ...props.subnet.dependables, ...props.dependables],
    }).id;
  }

  /** By a data source: `resolve:ssm:` in `ami` replaces the instance on every plan (hashicorp/terraform-provider-aws#43364). */
  #image(instanceType: string): string {
    const architecture = architectureOf(this, instanceType);
    return new DataAwsSsmParameter(this, "image", {
      name: `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
    }).insecureValue;
  }
}
