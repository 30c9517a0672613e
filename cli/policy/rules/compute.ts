import {
  block,
  blocks,
  isTrue,
  namesAtLeast,
  type Resource,
  texts,
  UnknownValueError,
} from "../../terraform/configuration";
import { secretIn } from "../../terraform/secret-text";
import type { Rule } from "../rule";

/** @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-optimized.html */
const WITHOUT_EBS_OPTIMIZATION = /^t2\./;
const MACHINES = ["aws_instance", "aws_spot_instance_request", "aws_launch_template", "aws_launch_configuration"];

/** Rules for EC2 instances, launch templates and Auto Scaling groups. */
export const computeRules: readonly Rule[] = [
  {
    id: "instance-metadata-v2",
    also: "EC2.8, CKV_AWS_79",
    on: MACHINES,
    finds({ values }) {
      const { http_tokens, http_put_response_hop_limit } = block(values.metadata_options);
      if (http_tokens !== "required") return "answers metadata requests without a token";
      // ECS on EC2 in bridge mode needs two: containers are a hop away.
      return Number(http_put_response_hop_limit) <= 2 ? undefined : "lets metadata travel more than two hops";
    },
  },
  {
    id: "instance-disk-encrypted",
    also: "CKV_AWS_8",
    on: MACHINES,
    finds({ values }) {
      const disks =
        values.root_block_device === undefined
          ? blocks(values.block_device_mappings).map(({ ebs }) => block(ebs))
          : blocks(values.root_block_device);
      return disks.length > 0 && disks.every(({ encrypted }) => isTrue(encrypted)) ? undefined : "has an open disk";
    },
  },
  {
    id: "instance-ebs-optimized",
    also: "CKV_AWS_135",
    on: MACHINES,
    finds: ({ values }) =>
      isTrue(values.ebs_optimized) || WITHOUT_EBS_OPTIMIZATION.test(String(values.instance_type))
        ? undefined
        : "is not EBS optimized",
  },
  {
    id: "instance-profile",
    also: "CKV2_AWS_41",
    on: MACHINES,
    finds: ({ values, refersTo }) =>
      refersTo("iam_instance_profile").length > 0 || values.iam_instance_profile
        ? undefined
        : "has no instance profile",
  },
  {
    id: "instance-no-secret-in-user-data",
    also: "CKV_AWS_46",
    on: MACHINES,
    finds({ type, values }) {
      const plain = texts(values.user_data).join("\n");
      // A launch template alone takes it in base64 under this name.
      const encoded = [values.user_data_base64, ...(type === "aws_launch_template" ? [values.user_data] : [])];
      const decoded = encoded.flatMap(texts).map(decode);
      const found = secretIn([plain, ...decoded].join("\n"));
      return found && `has ${found} in its user data`;
    },
  },
  {
    id: "group-over-zones",
    also: "AutoScaling.2",
    on: ["aws_autoscaling_group"],
    finds: (group) => (namesAtLeast(2, group, "vpc_zone_identifier") ? undefined : "is in one zone"),
  },
  {
    id: "group-health-by-load-balancer",
    also: "AutoScaling.1",
    on: ["aws_autoscaling_group"],
    finds(group, configuration) {
      const isBalanced =
        namesAtLeast(1, group, "target_group_arns") ||
        configuration.pointingAt(group, "aws_autoscaling_attachment", "autoscaling_group_name").length > 0;
      return isBalanced && group.values.health_check_type !== "ELB"
        ? "keeps instances that its load balancer has given up"
        : undefined;
    },
  },
  {
    id: "group-template-version",
    on: ["aws_autoscaling_group"],
    finds({ values }) {
      const templates = [...blocks(values.launch_template), ...mixed(values)];
      return templates.some(({ version }) => version === "$Latest" || version === "$Default")
        ? "follows a version by alias: a new template would start no refresh"
        : undefined;
    },
  },
];

/** A script as the machine gets it. @throws {UnknownValueError} where Terraform encodes it only at apply. */
function decode(text: string): string {
  if (text.startsWith("${")) throw new UnknownValueError("user_data");
  return Buffer.from(text, "base64").toString();
}

function mixed(values: Resource["values"]) {
  return blocks(block(block(values.mixed_instances_policy).launch_template).launch_template_specification);
}
