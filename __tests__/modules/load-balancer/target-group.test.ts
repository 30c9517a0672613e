import { TerraformOutput, type TerraformStack } from "cdktf";
import { Balancing, TargetGroup, type TargetGroupProps, TargetType } from "../../../modules/load-balancer";
import { Network } from "../../../modules/network";
import { synthesize, synthesizer } from "../../synthesized";

type Props = Partial<Omit<TargetGroupProps, "network">>;

function targetGroup(stack: TerraformStack, props: Props = {}): TargetGroup {
  return new TargetGroup(stack, "target", {
    network: new Network(stack, "network"),
    targetType: TargetType.INSTANCE,
    port: 5000,
    healthCheckPath: "/healthz",
    ...props,
  });
}

const synthesized = synthesizer(targetGroup);

describe("creates valid Terraform", () => {
  it("asks for health often enough to see a stop, and lets requests under way finish", () => {
    expect(synthesized().the("aws_lb_target_group")).toMatchObject({
      target_type: "instance",
      protocol: "HTTP",
      port: 5000,
      deregistration_delay: "60",
      load_balancing_algorithm_type: "round_robin",
      health_check: {
        path: "/healthz",
        port: "traffic-port",
        protocol: "HTTP",
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthy_threshold: 2,
        unhealthy_threshold: 3,
      },
    });
    expect(synthesized().the("aws_lb_target_group")).not.toHaveProperty("slow_start");
  });

  it("makes the new one before the old one goes, which a listener still names", () => {
    const group = synthesized().the("aws_lb_target_group");
    expect(group.lifecycle).toEqual({ create_before_destroy: true });
    expect(group.name_prefix).toBe("sessi-");
    expect(group).not.toHaveProperty("name");
  });

  it("has a prefix AWS takes, however short the name is", () => {
    const s = synthesize((stack) => targetGroup(stack), "a");
    expect(s.the("aws_lb_target_group").name_prefix).toBe("a-tar-");
  });

  it.each([
    { times: { longestRequestSeconds: 90 }, delay: "90" },
    { times: { drainSeconds: 60 }, delay: "61" },
    { times: { longestRequestSeconds: 5, drainSeconds: 5 }, delay: "60" },
  ])("gives a leaving target $delay s for an app with $times", ({ times, delay }) => {
    expect(synthesized(times).the("aws_lb_target_group").deregistration_delay).toBe(delay);
  });

  it("takes each option", () => {
    const props: Props = {
      targetType: TargetType.IP,
      healthCheck: { intervalSeconds: 30, timeoutSeconds: 3, healthyThreshold: 5, unhealthyThreshold: 2 },
      deregistrationDelaySeconds: 120,
      longestRequestSeconds: 120,
      drainSeconds: 20,
      slowStartSeconds: 30,
    };
    expect(synthesized(props).the("aws_lb_target_group")).toMatchObject({
      target_type: "ip",
      deregistration_delay: "120",
      slow_start: 30,
      health_check: { interval: 30, timeout: 3, healthy_threshold: 5, unhealthy_threshold: 2 },
    });
    const balancing = Balancing.LEAST_OUTSTANDING_REQUESTS;
    expect(synthesized({ balancing }).the("aws_lb_target_group").load_balancing_algorithm_type).toBe(balancing);
  });

  it("is a dimension in CloudWatch", () => {
    const s = synthesize((stack) => new TerraformOutput(stack, "group", { value: targetGroup(stack).arnSuffix }));
    expect(s.json.output?.group?.value).toMatch(/^\$\{aws_lb_target_group\..*\.arn_suffix}$/);
  });
});

describe("refuses", () => {
  it.each<{ what: string; props: Props; message: string }>([
    {
      what: "to let a target go before its longest request ends",
      props: { deregistrationDelaySeconds: 20 },
      message: "session-test/target: deregistrationDelaySeconds: got 20, allowed: at least the longest request (30 s)",
    },
    {
      what: "to let one go while the app drains",
      props: { deregistrationDelaySeconds: 60, drainSeconds: 60 },
      message: "more than the app drains (60 s). Fix: take 61 or more",
    },
    {
      what: "requests longer than AWS waits",
      props: { longestRequestSeconds: 4000 },
      message: "deregistrationDelaySeconds: got 4000, allowed: a whole number from 0 to 3600",
    },
    {
      what: "more than an hour",
      props: { deregistrationDelaySeconds: 3601 },
      message: "deregistrationDelaySeconds: got 3601, allowed: a whole number from 0 to 3600",
    },
    { what: "a path that is none", props: { healthCheckPath: "healthz" }, message: 'healthCheckPath: got "healthz"' },
    {
      what: "to ask every second",
      props: { healthCheck: { intervalSeconds: 1 } },
      message: "healthCheck.intervalSeconds: got 1, allowed: a whole number from 5 to 300",
    },
    {
      what: "to wait as long as the interval",
      props: { healthCheck: { timeoutSeconds: 10 } },
      message: "healthCheck.timeoutSeconds: got 10, allowed: a whole number from 2 to 9",
    },
    {
      what: "health by one answer",
      props: { healthCheck: { healthyThreshold: 1 } },
      message: "healthCheck.healthyThreshold: got 1, allowed: a whole number from 2 to 10",
    },
    {
      what: "illness by eleven",
      props: { healthCheck: { unhealthyThreshold: 11 } },
      message: "healthCheck.unhealthyThreshold: got 11",
    },
    { what: "too quick a slow start", props: { slowStartSeconds: 10 }, message: "slowStartSeconds: got 10, allowed" },
    {
      what: "a slow start AWS has round robin for only",
      props: { slowStartSeconds: 30, balancing: Balancing.LEAST_OUTSTANDING_REQUESTS },
      message: "slowStartSeconds: got 30 with least_outstanding_requests",
    },
  ])("$what", ({ props, message }) => {
    expect(() => synthesized(props)).toThrow(message);
  });
});
