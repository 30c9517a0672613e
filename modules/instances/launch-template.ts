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
  | "userData"
  | "role"
  | "securityGroup"
  | "publicAddresses"
>;

/** The template of a group's instances; a change is a new version of it. */
export class LaunchTemplate extends Construct {
  readonly id: string;
  /** Number of the version this plan makes: `$Latest` in its place never changes, so that nothing would be replaced. */
  readonly latestVersion: string;
  readonly #template: LaunchTemplateResource;

  constructor(scope: Construct, id: string, props: LaunchTemplateProps) {
    super(scope, id);
    // A local is a template like any attribute: quotes, line breaks and references in the script stay what they are.
    const userData = new TerraformLocal(this, "user-data", props.userData);
    const template = new LaunchTemplateResource(this, "template", {
      namePrefix: buildNamePrefix(this, NameLimits.LAUNCH_TEMPLATE_PREFIX),
      description: "Instances of an Auto Scaling group",
      updateDefaultVersion: true,
      imageId: lookUpImageId(this, props.image, props.instanceType),
      instanceType: props.instanceType,
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
      // An instance's own come from its group. By the names of the JSON, since cdktf does not translate what is lazy.
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

  /** The tags of what is launched. At synthesis they include those that an Aspect has put on the template. */
  collectTags(construct: Construct): Readonly<Record<string, string>> {
    return collectTags(construct, this.#template);
  }
}
