import { LaunchTemplate as LaunchTemplateResource } from "@cdktf/provider-aws/lib/launch-template";
import { Fn, Lazy, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import { ebsOptimization } from "./instance-type";
import { lookUpImageId } from "./machine-image";
import type { InstancesProps } from "./props";
import { collectTags } from "./tags";

type LaunchTemplateProps = Pick<
  InstancesProps,
  | "image"
  | "instanceType"
  | "rootVolumeGib"
  | "detailedMonitoring"
  | "cpuCredits"
  | "keyName"
  | "userData"
  | "role"
  | "securityGroup"
  | "publicAddresses"
>;

/** The template of a group's instances; a change is a new version of it. */
export class LaunchTemplate extends Construct {
  readonly id: string;
  /** Number of the newest version. With `$Latest` in its place, a change would replace no instance. */
  readonly latestVersion: string;
  readonly #template: LaunchTemplateResource;

  constructor(scope: Construct, id: string, props: LaunchTemplateProps) {
    super(scope, id);
    // Quotes, line breaks and references in the script stay unchanged in a local, as in any other attribute.
    const userData = new TerraformLocal(this, "user-data", props.userData);
    const template = new LaunchTemplateResource(this, "template", {
      namePrefix: buildNamePrefix(this, NameLimits.LAUNCH_TEMPLATE_PREFIX),
      description: "Instances of an Auto Scaling group",
      updateDefaultVersion: true,
      imageId: lookUpImageId(this, props.image, props.instanceType),
      instanceType: props.instanceType,
      ...(props.keyName !== undefined && { keyName: props.keyName }),
      iamInstanceProfile: { name: props.role.profileName },
      userData: Fn.base64encode(userData.asString),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      networkInterfaces: [
        {
          associatePublicIpAddress: String(props.publicAddresses),
          securityGroups: [props.securityGroup.id],
          deleteOnTermination: "true",
        },
      ],
      blockDeviceMappings: [
        {
          deviceName: props.image.rootDevice,
          ebs: {
            volumeType: "gp3",
            volumeSize: props.rootVolumeGib,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      ...(ebsOptimization(props.instanceType) && { ebsOptimized: "true" }),
      monitoring: { enabled: props.detailedMonitoring },
      ...(props.cpuCredits !== undefined && { creditSpecification: { cpuCredits: props.cpuCredits } }),
      // Tags of instances come from the group. The keys are those of the JSON, because cdktf does not translate lazy values.
      tagSpecifications: Lazy.anyValue({
        produce: () => {
          const tags = this.collectTags(scope);
          return ["volume", "network-interface"].map((type) => ({ resource_type: type, tags }));
        },
      }),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.#template = template;
    this.id = template.id;
    this.latestVersion = String(template.latestVersion);
  }

  /** Tags of launched resources. At synthesis, they include tags that an Aspect has added to the template. */
  collectTags(construct: Construct): Readonly<Record<string, string>> {
    return collectTags(construct, this.#template);
  }
}
