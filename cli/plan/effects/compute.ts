import { block, blocks, isTrue } from "../../terraform/configuration";
import { type Change, differs, ending } from "../change";
import {
  all,
  type Consequence,
  calm,
  type Effect,
  each,
  effects,
  ended,
  interruption,
  interrupts,
  isOther,
  type TypeEffects,
  unjudged,
  when,
} from "./effect";
import { groupsSwapped } from "./groups";
import { leavesHost } from "./host-name";
import { interruptOnRemoval } from "./lists";

const NO_MORE = "its clients get no answers";

function downUntil({ action, createsFirst }: Change, ready: string): string {
  if (action === "delete") return NO_MORE;
  return createsFirst ? "the new one is there before the old one goes" : `down until ${ready}`;
}

/** An interruption that lasts until the new resource serves. @param ready - when it does, as a clause after "down until" */
export const downWhile =
  (ready: string): Effect =>
  (change) => [interruption(`${ending(change)}: ${downUntil(change, ready)}`)];

/** A role or a profile in place of another: the app may do what the new one may. */
export const otherRole =
  (argument: string, type: string): Effect =>
  (change, plan) => {
    const [was, is] = (["before", "after"] as const).map((moment) => plan.targets(change, argument, moment, type));
    if (was === undefined || is === undefined || was.join() === is.join()) return [];
    if (is.length === 0) {
      return change.unknown[argument] === true
        ? undefined
        : [interruption(`has no ${argument} any more: its calls to AWS are refused`)];
    }
    const name = is.map((one) => plan.names.of(one)).join();
    return was.length === 0
      ? [{ kind: "roles", what: `gets ${name} (${argument}), and had none` }]
      : [
          {
            kind: "roles",
            what: `gets ${name} (${argument}) in place of ${was.map((one) => plan.names.of(one)).join()}`,
          },
        ];
  };

const STOPPED = ["instance_type", "user_data", "user_data_base64", "ebs_optimized", "cpu_options"];
const stopped: Effect = (change) => [
  interruption(`is stopped and started for its ${STOPPED.filter((argument) => differs(change, argument)).join(", ")}`),
];

const isPublic: Effect = ({ before, after }) =>
  isTrue(after?.associate_public_ip_address) && before?.associate_public_ip_address === false
    ? [{ kind: "ports", what: "gets an address on the internet, and had none" }]
    : [];

const metadata: Effect = ({ before, after }) => {
  const [was, is] = [block(before?.metadata_options), block(after?.metadata_options)];
  if (is.http_endpoint === "disabled" && was.http_endpoint !== "disabled") {
    return [interruption("has no metadata any more: the app gets no credentials")];
  }
  if (is.http_tokens !== was.http_tokens && is.http_tokens !== "required") {
    return [{ kind: "roles", what: "hands out its role's credentials without a token (IMDSv1)" }];
  }
  return Number(is.http_put_response_hop_limit) < Number(was.http_put_response_hop_limit) ? undefined : [];
};

const FROM_TEMPLATE = ["launch_template", "launch_configuration", "mixed_instances_policy"];

/** A fleet that starts its instances otherwise. With a refresh they are replaced while others serve. */
const rollout: Effect = ({ after }) => {
  const refresh = block(after?.instance_refresh);
  if (blocks(after?.instance_refresh).length === 0) {
    return [note("keeps its instances as they are: only new ones take the new launch template")];
  }
  const { min_healthy_percentage: healthy } = block(refresh.preferences);
  return healthy === 0
    ? [interruption("replaces all its instances at once (instance refresh, min_healthy_percentage 0)")]
    : [note("replaces its instances one after another (instance refresh)")];
};

function note(what: string): Consequence {
  return { kind: "note", what };
}

/** None left is an interruption; fewer are drained first. */
const fewer =
  (argument: string, noun: string): Effect =>
  ({ before, after }) => {
    const [was, is] = [Number(before?.[argument] ?? 0), Number(after?.[argument] ?? 0)];
    if (is === 0 && was > 0) return [interruption(`may go down to no ${noun} (${argument} 0)`)];
    return is < was ? [note(`goes from ${was} to ${is} (${argument})`)] : [];
  };

const capacity: Effect = (change, plan) => {
  const { before, after, unknown } = change;
  if (Number(after?.max_size) === 0) return [interruption("has no instances any more (max_size 0)")];
  const desired = unknown.desired_capacity === true ? before?.desired_capacity : after?.desired_capacity;
  if (differs(change, "desired_capacity") && Number(desired) === 0) {
    return [interruption("has no instances any more (desired_capacity 0)")];
  }
  return differs(change, "min_size") ? fewer("min_size", "instances")(change, plan) : [];
};

const FLEET_CALM = [
  "name",
  "tag",
  "instance_refresh",
  "health_check_grace_period",
  "default_cooldown",
  "default_instance_warmup",
  "enabled_metrics",
  "metrics_granularity",
  "termination_policies",
  "protect_from_scale_in",
  "capacity_rebalance",
  "wait_for_capacity_timeout",
  "min_elb_capacity",
  "wait_for_elb_capacity",
  "force_delete",
  "instance_maintenance_policy",
];

const TEMPLATE_CALM = [
  "name",
  "default_version",
  "latest_version",
  "update_default_version",
  "image_id",
  "instance_type",
  "user_data",
  "key_name",
  "ebs_optimized",
  "block_device_mappings",
  "monitoring",
  "tag_specifications",
  "credit_specification",
  "instance_market_options",
  "disable_api_termination",
  "disable_api_stop",
  "maintenance_options",
];

/** Pages about the policies of both services that scale. */
const POLICY_PAGES: Readonly<Record<string, string>> = {
  aws_autoscaling_policy: "autoscaling/ec2/userguide/as-scaling-target-tracking.html",
  aws_appautoscaling_policy: "autoscaling/application/APIReference/API_DeleteScalingPolicy.html",
};

/** Effects of changes to EC2, its volumes and its Auto Scaling, by resource type. */
export const COMPUTE: Readonly<Record<string, TypeEffects>> = {
  aws_instance: effects("AWSEC2/latest/UserGuide/ec2-instance-resize.html", {
    destroyed: all(leavesHost("public_ip"), downWhile("the new instance has booted, minutes"), isPublic),
    calm: [
      "root_block_device",
      "ebs_block_device",
      "monitoring",
      "disable_api_termination",
      "disable_api_stop",
      "maintenance_options",
      "user_data_replace_on_change",
      "volume_tags",
      "instance_initiated_shutdown_behavior",
      "private_dns_name_options",
    ],
    changed: {
      ...each(STOPPED, stopped),
      iam_instance_profile: otherRole("iam_instance_profile", "aws_iam_instance_profile"),
      ...each(["vpc_security_group_ids", "security_groups"], groupsSwapped),
      metadata_options: metadata,
      associate_public_ip_address: isPublic,
    },
  }),
  aws_ec2_instance_state: effects("AWSEC2/latest/UserGuide/Stop_Start.html", {
    created: when(({ after }) => after?.state === "stopped", interrupts("stops its instance")),
    destroyed: calm,
    changed: { state: when(({ after }) => after?.state === "stopped", interrupts("stops its instance")), force: calm },
  }),
  aws_autoscaling_group: effects("autoscaling/ec2/userguide/instance-refresh-overview.html", {
    destroyed: downWhile("new instances are in service, minutes"),
    calm: FLEET_CALM,
    changed: {
      ...each(FROM_TEMPLATE, rollout),
      // The group replaces instances that a further kind of check calls unhealthy, all at once if need be:
      // https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
      health_check_type: when(({ after }) => after?.health_check_type !== "EC2", unjudged),
      ...each(["min_size", "max_size", "desired_capacity"], capacity),
      target_group_arns: interruptOnRemoval("target_group_arns", "gets no more requests of", "aws_lb_target_group"),
      load_balancers: interruptOnRemoval("load_balancers", "gets no more requests of", "aws_elb"),
      traffic_source: interrupts("gets requests from elsewhere"),
      vpc_zone_identifier: interruptOnRemoval("vpc_zone_identifier", "ends its instances in", "aws_subnet"),
      availability_zones: interruptOnRemoval("availability_zones", "ends its instances in"),
    },
  }),
  aws_autoscaling_attachment: effects("autoscaling/ec2/userguide/attach-load-balancer-asg.html", {
    destroyed: ended("the instances of its group get no requests"),
  }),
  ...Object.fromEntries(
    Object.entries(POLICY_PAGES).map(([type, page]) => [
      type,
      effects(page, {
        destroyed: () => [note("goes: nothing is added under load any more, what runs goes on")],
        calm: [
          "target_tracking_configuration",
          "target_tracking_scaling_policy_configuration",
          "step_scaling_policy_configuration",
          "step_adjustment",
          "scaling_adjustment",
          "adjustment_type",
          "cooldown",
          "estimated_instance_warmup",
          "enabled",
          "name",
        ],
      }),
    ]),
  ),
  aws_autoscaling_lifecycle_hook: effects("autoscaling/ec2/userguide/lifecycle-hooks.html", {
    created: unjudged,
    destroyed: unjudged,
    calm: ["notification_metadata"],
  }),
  aws_appautoscaling_target: effects("autoscaling/application/APIReference/API_DeregisterScalableTarget.html", {
    destroyed: () => [note("goes: what it scaled keeps the count it has")],
    changed: {
      min_capacity: fewer("min_capacity", "tasks"),
      max_capacity: fewer("max_capacity", "tasks"),
      suspended_state: calm,
    },
  }),
  aws_launch_template: effects("AWSEC2/latest/UserGuide/manage-launch-template-versions.html", {
    destroyed: ended("groups start no instances from it any more"),
    calm: TEMPLATE_CALM,
    changed: {
      iam_instance_profile: (change) => {
        const [was, is] = [change.before, change.after].map((values) => block(values?.iam_instance_profile));
        if (isOther(change, "iam_instance_profile") && (is?.name ?? is?.arn) === undefined) {
          return change.unknown.iam_instance_profile === undefined
            ? [interruption("gives new instances no profile: their calls to AWS are refused")]
            : [];
        }
        return (was?.name ?? was?.arn) === (is?.name ?? is?.arn)
          ? []
          : [{ kind: "roles", what: `gives new instances the profile ${is?.name ?? is?.arn}` }];
      },
      vpc_security_group_ids: groupsSwapped,
      metadata_options: metadata,
      network_interfaces: (change) =>
        block(change.after?.network_interfaces).associate_public_ip_address === "true" &&
        block(change.before?.network_interfaces).associate_public_ip_address !== "true"
          ? [{ kind: "ports", what: "gives new instances an address on the internet" }]
          : undefined,
    },
  }),
  aws_placement_group: effects("AWSEC2/latest/UserGuide/placement-groups.html", { destroyed: calm }),
  aws_key_pair: effects("AWSEC2/latest/UserGuide/ec2-key-pairs.html", { destroyed: calm }),
  aws_ebs_volume: effects("ebs/latest/userguide/ebs-modify-volume.html", {
    destroyed: ended("what it held is lost"),
    calm: ["size", "type", "iops", "throughput"],
  }),
  aws_volume_attachment: effects("ebs/latest/userguide/ebs-attaching-volume.html", {
    destroyed: ended("its instance reads and writes there no more"),
  }),
};
