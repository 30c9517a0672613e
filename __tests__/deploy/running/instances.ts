import { createHash } from "node:crypto";
import { startMachine } from "../../programs/machine";
import { OwnNetwork } from "../../programs/own-network";
import type { End } from "./paths";
import type { Rollout } from "./rollout";
import type { RunningServer } from "./server";
import type { Applied, AppliedState } from "./state";
import { givenByAws, type Surroundings, waysFrom } from "./surroundings";

/** An instance as applied: alone, or one of a group's. */
export interface InstancePlan {
  readonly name: string;
  readonly rollout: Rollout;
  readonly end: End;
  readonly zone: string;
  readonly role: string;
  readonly userData: string;
  /** Port of the app. */
  readonly port: number;
  readonly targetGroup: string | undefined;
}

/** The behaviour of systemd and Linux that the stand-ins on the machine lack. */
export const INSTANCE_STAND_INS = [
  "dnf, systemctl, the CloudWatch agent and the call that ends a launch hook",
  "the unit's sandbox but for its user",
  "the kernel, Node.js and the AWS CLI: this machine's",
];

/** The instances that AWS runs in this state: each single one, and the desired capacity of each group. */
export async function instancePlans({ state, double }: Surroundings): Promise<InstancePlan[]> {
  const alone = state.all("aws_instance").map(async (instance) => {
    const answer = await double.aws(
      ...["ec2", "describe-instance-attribute", "--attribute", "userData", "--instance-id", instance.id],
    );
    const userData = decoded(answer.UserData.Value);
    // The state keeps the hash of it.
    const hash = createHash("sha1").update(userData).digest("hex");
    if (hash !== instance.user_data) throw new Error(`${instance.address}: its user data is not what was applied`);
    return {
      name: instance.id,
      // Another takes its address over when it is gone.
      rollout: { group: instance.address, leastPercent: 0, mostPercent: 100 },
      end: buildEnd(`instance ${instance.id}`, instance.vpc_security_group_ids, instance.subnet_id),
      zone: instance.availability_zone,
      role: findRole(state, instance.iam_instance_profile),
      userData,
      port: Number(new URL(state.output("url")).port || 80),
      targetGroup: undefined,
    };
  });
  const grouped = state.all("aws_autoscaling_group").flatMap((group) => groupPlans(state, group));
  return [...(await Promise.all(alone)), ...grouped];
}

/** None of a group without target group: ECS puts its tasks there. */
function groupPlans(state: AppliedState, group: Applied): InstancePlan[] {
  const [targetGroup] = group.target_group_arns ?? [];
  if (targetGroup === undefined) return [];
  const template = state.by("aws_launch_template", "id", group.launch_template[0].id);
  const rollout = readRollout(group);
  return Array.from({ length: group.desired_capacity ?? group.min_size }, (_, n) => {
    const subnetId = group.vpc_zone_identifier[n % group.vpc_zone_identifier.length];
    const name = `${group.name}-${n + 1}`;
    return {
      name,
      rollout,
      end: buildEnd(`instance ${name}`, readSecurityGroups(template), subnetId),
      zone: state.by("aws_subnet", "id", subnetId).availability_zone,
      role: findRole(state, template.iam_instance_profile[0].name),
      userData: decoded(template.user_data),
      port: state.by("aws_lb_target_group", "arn", targetGroup).port,
      targetGroup,
    };
  });
}

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html */
function readRollout({ name, instance_refresh }: Applied): Rollout {
  const [preferences = {}] = instance_refresh?.[0]?.preferences ?? [];
  const { min_healthy_percentage = 90, max_healthy_percentage = 100 } = preferences;
  return { group: name, leastPercent: min_healthy_percentage, mostPercent: max_healthy_percentage };
}

/** Security groups of a launch template's instances. */
export function readSecurityGroups(template: Applied): string[] {
  return template.network_interfaces?.[0]?.security_groups ?? template.vpc_security_group_ids ?? [];
}

function buildEnd(name: string, securityGroups: readonly string[], subnetId: string): End {
  return { name, securityGroups, subnetId };
}

function findRole(state: AppliedState, profile: string): string {
  return state.by("aws_iam_instance_profile", "name", profile).role;
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

/** With logs in CloudWatch, the app writes to the file that the agent reads. */
const READ_SHIPPED_LOG = "cat /var/log/web-app.log 2>/dev/null || true";

/**
 * Boots an instance: runs its user data for real, on a machine with a network of its own.
 *
 * @throws when the user data fails, with what it said; {Closed} when its cache is out of its reach.
 */
export async function startInstance(plan: InstancePlan, surroundings: Surroundings): Promise<RunningServer> {
  const { name, end, zone, role, userData, port, targetGroup } = plan;
  const ways = await waysFrom({ end, role, told: userData }, surroundings);
  const network = await OwnNetwork.open({ hostName: name, ways, serves: [port] });
  const { ca } = surroundings.certificate;
  const machine = await startMachine(givenByAws(end, role, surroundings, ca), network);
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= machine.stop().then(() => network.close());
    return closed;
  };
  surroundings.opened(close);
  const { code, output } = await machine.boot(userData);
  if (code !== 0) throw new Error(`${end.name}: its user data ended with ${code}:\n${output}`);
  return {
    name,
    end,
    zone,
    port: network.findPort(port),
    targetGroup,
    hostPorts: [port],
    isAlive: () => closed === undefined,
    pid: () => machine.pid(),
    output: () => output + machine.journal() + (closed === undefined ? machine.run(READ_SHIPPED_LOG) : ""),
    kill: close,
    async stop() {
      if (closed === undefined) await machine.boot("systemctl stop web-app");
      await close();
    },
  };
}
