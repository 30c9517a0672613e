import { type CpuArchitecture, LaunchType } from "../../../modules/ecs";
import { CpuCredits } from "../../../modules/instances";
import { Nat } from "../../../modules/network";
import { CERTIFICATE, HTTP, HTTPS, IMAGE, type Props, REPOSITORY, synthesized, warnings } from "./stack";

const service = (key: string, ...paths: string[]) => ({ key, paths });

describe("refuses", () => {
  it.each<{ what: string; props: Props; message: string | RegExp }>([
    {
      what: "an unknown launch type",
      props: { ...HTTP, launchType: "EXTERNAL" as LaunchType },
      message: 'session-test/web: launchType: got "EXTERNAL", allowed: EC2, FARGATE. Fix: take one of those.',
    },
    {
      what: "an unknown architecture",
      props: { ...HTTP, architecture: "arm64" as CpuArchitecture },
      message: 'architecture: got "arm64", allowed: ARM64, X86_64',
    },
    {
      what: "overlapping paths",
      props: { ...HTTP, services: [service("1", "/1", "/1/*"), service("2", "/2", "/?/x")] },
      message: "pathRules: got /1/* (1) and /?/x (2), which some path matches both",
    },
    {
      what: "more rules than a load balancer takes",
      props: { ...HTTP, services: Array.from({ length: 101 }, (_, n) => service(`s${n}`, `/s${n}/*`)) },
      message: "pathRules: got 101 rules, allowed: at most 100",
    },
    {
      what: "more paths than a rule takes",
      props: { ...HTTP, services: [service("1", "/a", "/b", "/c", "/d", "/e", "/f")] },
      message: "pathRules: 1: got 6 paths, allowed: 1 to 5 a rule",
    },
    {
      what: "an image for the other processor",
      props: { ...HTTP, image: { uri: `${REPOSITORY}:0123456789abcdef-amd64` } },
      message: "0123456789abcdef-amd64, made for X86_64, on ARM64, allowed: an image for ARM64, which tasks run on",
    },
    {
      what: "an image for the processor instances do not have",
      props: {
        ...HTTP,
        launchType: LaunchType.EC2,
        instances: { instanceType: "m7i.large" },
        image: { uri: `${REPOSITORY}:0123456789abcdef-arm64` },
      },
      message: "made for ARM64, on X86_64, allowed: an image for X86_64",
    },
    {
      what: "one base image without a way to the internet",
      props: { ...HTTP, baseImages: { node: `${REPOSITORY}:24` }, zones: { nat: Nat.NONE } },
      message: "image: got none in subnets without a way to the internet",
    },
    {
      what: "a base image whose tag changes its image",
      props: { ...HTTP, baseImages: { awsCli: `${REPOSITORY}:latest` } },
      message: `baseImages.awsCli: got "${REPOSITORY}:latest", allowed: an image with a tag other than latest`,
    },
    {
      what: "an image of another partition",
      props: { ...HTTP, image: { uri: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/session-app:1" } },
      message:
        'image.uri: got "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/session-app:1", which is in cn-north-1, allowed:',
    },
    {
      what: "a repository of another partition",
      props: {
        ...HTTP,
        image: {
          uri: `${REPOSITORY}:1`,
          repositoryArn: "arn:aws-cn:ecr:cn-north-1:123456789012:repository/session-app",
        },
      },
      message: 'image.repositoryArn: got "arn:aws-cn:ecr',
    },
    {
      what: "instances on which dnf is killed",
      props: { ...HTTP, launchType: LaunchType.EC2, instances: { instanceType: "t3.nano" } },
      message: "instanceType: got t3.nano, allowed: 1 GiB of memory or more",
    },
    {
      what: "CPU credits for instances without them",
      props: {
        ...HTTP,
        launchType: LaunchType.EC2,
        instances: { instanceType: "m7g.large", cpuCredits: CpuCredits.STANDARD },
      },
      message: "cpuCredits: got standard for m7g.large, allowed: a type with CPU credits",
    },
    { what: "no service", props: { ...HTTP, services: [] }, message: "services: got none, allowed: at least one" },
    {
      what: "two services of one key",
      props: { ...HTTP, services: [service("1", "/1"), service("1", "/2")] },
      message: "services: key: got 1 twice",
    },
    {
      what: "a service that no request reaches",
      props: { ...HTTP, services: [service("1", "/1"), service("2")] },
      message: "services: 2: got no paths, allowed: paths of its own for each service but the first",
    },
    {
      what: "a key that is no part of a name",
      props: { ...HTTP, services: [service("my service", "/1")] },
      message: 'services: key: got "my service"',
    },
    {
      what: "fewer tasks at most than at least",
      props: { ...HTTP, services: [{ ...service("1"), minTasks: 3, maxTasks: 2 }] },
      message: "service-1: maxTasks: got 2, allowed: a whole number from 3 to",
    },
    {
      what: "a target no scaling takes",
      props: { ...HTTP, scaling: { cpuPercent: 95 } },
      message: "cpuPercent: got 95",
    },
    {
      what: "a certificate of another region",
      props: { certificateArn: CERTIFICATE.replace("ap-northeast-1", "us-east-1") },
      message: "web/alb: certificateArn: got one of region us-east-1, allowed: one of region ap-northeast-1",
    },
    { what: "plain http without http: true", props: {}, message: "certificateArn, http: got neither" },
    {
      what: "ECS Exec on a read-only file system",
      props: { ...HTTP, executeCommand: true },
      message: "executeCommand: got true with a read-only root file system",
    },
    {
      what: "public images without a way to the internet",
      props: { ...HTTP, zones: { nat: Nat.NONE } },
      message:
        "session-test/web: image: got none in subnets without a way to the internet, allowed: an image in ECR of the " +
        "stack's region, which comes through endpoints; public registries have none. Fix: give the network a NAT, " +
        "Nat.SINGLE, or push an image with npm run image and name it.",
    },
    {
      what: "an image of another registry without a way to the internet",
      props: { ...HTTP, image: { uri: "ghcr.io/shop/app:1" }, zones: { nat: Nat.NONE } },
      message: "image: got ghcr.io/shop/app:1 in subnets without a way to the internet",
    },
    {
      what: "an image of another region without a way to the internet",
      props: { ...HTTP, image: { uri: IMAGE.uri.replace("northeast", "southeast") }, zones: { nat: Nat.NONE } },
      message: "in subnets without a way to the internet",
    },
    {
      what: "an image without a tag",
      props: { ...HTTP, image: { uri: REPOSITORY } },
      message: `image.uri: got "${REPOSITORY}", allowed: an image with a tag other than latest, or with a digest`,
    },
    {
      what: "an image that is another one tomorrow",
      props: { ...HTTP, image: { uri: `${REPOSITORY}:latest` } },
      message: "image.uri: got",
    },
    {
      what: "an app that runs as root",
      props: { ...HTTP, image: { ...IMAGE, user: "0" } },
      message: 'image.user: got "0", allowed: uid or uid:gid by number, not 0',
    },
    {
      what: "instances on Fargate",
      props: { ...HTTP, instances: { minInstances: 2 } },
      message: "instances: got a value with launchType FARGATE",
    },
    {
      what: "SSH to Fargate",
      props: { ...HTTP, ssh: { keyName: "mine" } },
      message:
        "ssh: got a value with launchType FARGATE, allowed: ssh with EC2 alone. Fix: leave it out: Fargate has no " +
        "instances, and executeCommand opens a shell in a task; or take EC2",
    },
    {
      what: "SSH from an empty list",
      props: { ...HTTP, launchType: LaunchType.EC2, ssh: { keyName: "mine", cidrs: [] } },
      message: "ssh.cidrs: got none, allowed: at least one IPv4 block",
    },
    {
      what: "an architecture on instances",
      props: { ...HTTP, launchType: LaunchType.EC2, architecture: "ARM64" },
      message: "architecture: got a value with launchType EC2",
    },
    {
      what: "a volume smaller than the image",
      props: { ...HTTP, launchType: LaunchType.EC2, instances: { rootVolumeGib: 20 } },
      message: "rootVolumeGib: got 20, allowed: a whole number, at least 30",
    },
    { what: "one zone", props: { ...HTTP, zones: { availabilityZones: ["a"] } }, message: "one availability zone" },
    {
      what: "a retention CloudWatch has not",
      props: { ...HTTP, logRetentionDays: 10 },
      message: "logRetentionDays: got 10",
    },
  ])("$what", ({ props, message }) => {
    expect(() => synthesized(props)).toThrow(message);
  });

  it.each([
    { cpu: 500, memoryMib: 1024, message: "cpu: got 500, allowed: on Fargate 256, 512, 1024, 2048, 4096, 8192, 16384" },
    {
      cpu: 256,
      memoryMib: 4096,
      message: "memoryMib: got 4096 with cpu 256, allowed: with that cpu on Fargate 512, 1024",
    },
    {
      cpu: 512,
      memoryMib: 512,
      message: "got 512 with cpu 512, allowed: with that cpu on Fargate 1024 to 4096 in steps",
    },
    { cpu: 512, memoryMib: 1536, message: "memoryMib: got 1536 with cpu 512" },
    { cpu: 4096, memoryMib: 31_744, message: "memoryMib: got 31744 with cpu 4096" },
    { cpu: 8192, memoryMib: 17_408, message: "in steps of 4096" },
    { cpu: 16_384, memoryMib: 36_864, message: "in steps of 8192" },
  ])("a task Fargate does not have: $cpu, $memoryMib", ({ cpu, memoryMib, message }) => {
    expect(() => synthesized({ ...HTTP, cpu, memoryMib })).toThrow(message);
  });

  it("a task no instance runs", () => {
    const on = { ...HTTP, launchType: LaunchType.EC2 };
    expect(() => synthesized({ ...on, cpu: 64 })).toThrow("cpu: got 64, allowed: a whole number from 128");
    expect(() => synthesized({ ...on, memoryMib: 6 })).toThrow("memoryMib: got 6, allowed: a whole number, at least");
  });
});

describe("takes", () => {
  it.each([
    [256, 512],
    [256, 2048],
    [512, 4096],
    [1024, 8192],
    [2048, 16_384],
    [4096, 30_720],
    [8192, 61_440],
    [16_384, 122_880],
  ])("a task of Fargate's: %i, %i", (cpu, memoryMib) => {
    expect(() => warnings({ ...HTTP, cpu, memoryMib })).not.toThrow();
  });

  it("less than the document asks for with a warning that says why it asks", () => {
    const [warning, ...more] = warnings({ ...HTTP, cpu: 256, memoryMib: 512 });
    expect(warning).toContain("session-test/web: cpu 256 and memoryMib 512 are below the 512 and 1024");
    expect(warning).toContain("health check killed the task while that was still starting");
    expect(more).toEqual([]);
    expect(warnings(HTTPS)).toEqual([]);
  });
});
