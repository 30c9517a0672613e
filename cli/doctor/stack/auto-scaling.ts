import type { Json } from "../../machine/aws-cli";
import { fail, ok, warn } from "../finding";
import type { Question } from "./resources";

const check = "instances";

/** Whether an Auto Scaling group has its instances in service. */
export const AUTO_SCALING: Question = {
  check,
  ask: (state) =>
    state.all("aws_autoscaling_group").map((held) => ({
      args: ["autoscaling", "describe-auto-scaling-groups", "--auto-scaling-group-names", String(held.name)],
      held,
    })),
  judge({ AutoScalingGroups: [group] }: Json, { name }: Json) {
    if (group === undefined) return fail(check, `${name}: Auto Scaling does not know it`, "a deploy creates it again");
    const instances = group.Instances as Json[];
    const serving = instances.filter(({ LifecycleState, HealthStatus }) => {
      return LifecycleState === "InService" && HealthStatus === "Healthy";
    });
    const says = `${name}: ${serving.length} of ${group.DesiredCapacity} in service`;
    if (group.DesiredCapacity === 0) return warn(check, says, "a smallest number of instances above 0");
    if (serving.length >= group.DesiredCapacity) return ok(check, says);
    const next = `aws autoscaling describe-scaling-activities --auto-scaling-group-name ${name} says why`;
    return serving.length > 0 ? warn(check, says, next) : fail(check, says, next);
  },
};
