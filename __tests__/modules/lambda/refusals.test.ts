import { LambdaTopology, NodeRuntime } from "../../../modules/lambda";
import { Network } from "../../../modules/network";
import { RedisCluster } from "../../../modules/redis";
import { SessionApp } from "../../../modules/web-app";
import { synthesize } from "../../synthesized";
import { bundle, CERTIFICATE, type Props, synthesized, withOwn } from "./stack";

describe("LambdaTopology refuses", () => {
  it.each<{ what: string; props: Props; message: string }>([
    {
      what: "a timeout below what the app waits for",
      props: { timeoutSeconds: 10 },
      message: "session-test/web/app: timeoutSeconds: got 10, allowed: a whole number from 11 to 28: above the 10 s",
    },
    {
      what: "a timeout as long as the API's",
      props: { timeoutSeconds: 29 },
      message: "timeoutSeconds: got 29, allowed: a whole number from 11 to 28",
    },
    {
      what: "too little memory",
      props: { memoryMib: 64 },
      message: "memoryMib: got 64, allowed: a whole number from 128",
    },
    {
      what: "more at once than the cache has connections for",
      props: { reservedConcurrency: 16_001 },
      message:
        "reservedConcurrency: got 16001, allowed: a whole number from 1 to 16000, for which the cache has connections",
    },
    { what: "no visitors", props: { allowedCidrs: [] }, message: "session-test/web: allowedCidrs: got none, allowed" },
    {
      what: "a network that is none",
      props: { allowedCidrs: ["203.0.113.7/24"] },
      message: "allowedCidrs: got 203.0.113.7/24, allowed: an IPv4 block",
    },
    {
      what: "no request a second",
      props: { requestsPerSecond: 0 },
      message: "session-test/web/api: requestsPerSecond: got 0, allowed: a whole number, at least 1",
    },
    {
      what: "half a request at the same moment",
      props: { burstRequests: 0.5 },
      message: "burstRequests: got 0.5, allowed: a whole number, at least 1",
    },
    {
      what: "a runtime that AWS provider 5.100 refuses",
      props: { runtime: NodeRuntime.NODEJS_24_X },
      message:
        "session-test/web/app: runtime: got nodejs24.x with AWS provider 5.100.0, allowed: nodejs22.x, or AWS provider 6.19.0 or later",
    },
    {
      what: "no concurrency at all",
      props: { reservedConcurrency: 0 },
      message: "reservedConcurrency: got 0, allowed",
    },
    {
      what: "a certificate of another region",
      props: {
        domain: { name: "app.example.com", certificateArn: CERTIFICATE.replace("ap-northeast-1", "us-east-1") },
      },
      message: "domain.certificateArn: got one of region us-east-1, allowed: one of region ap-northeast-1",
    },
    {
      what: "a key of another region",
      props: { encryptionKey: { arn: "arn:aws:kms:us-east-1:123456789012:key/1" } },
      message: "encryptionKey: got one of region us-east-1, allowed: one of region ap-northeast-1",
    },
    {
      what: "an address for a domain",
      props: { domain: { name: "https://app.example.com", certificateArn: CERTIFICATE } },
      message: 'web/api: domain: got "https://app.example.com", allowed: a host name',
    },
    {
      what: "a retention CloudWatch does not know",
      props: { logRetentionDays: 2 },
      message: "logRetentionDays: got 2",
    },
  ])("$what", ({ props, message }) => {
    expect(() => synthesized(props)).toThrow(message);
  });

  it("half of that in cluster mode, where a process has two links to a node", () => {
    const build = () =>
      synthesize((stack) => {
        const network = new Network(stack, "network");
        const redis = new RedisCluster(stack, "redis", { network, shards: 2 });
        const app = new SessionApp(stack, "app", { redis, functionBundle: bundle() });
        new LambdaTopology(stack, "web", { network, app, reservedConcurrency: 8_001 });
      });
    expect(build).toThrow("from 1 to 8000");
  });

  it("a bundle that is not built", () => {
    const build = () =>
      synthesize((stack) => {
        const network = new Network(stack, "network");
        const redis = new RedisCluster(stack, "redis", { network });
        const app = new SessionApp(stack, "app", { redis, functionBundle: "/nowhere.js" });
        new LambdaTopology(stack, "web", { network, app });
      });
    expect(build).toThrow(/got \/nowhere\.js \(ENOENT\)/);
  });

  it("networks for an app that does not check addresses", () => {
    const build = () => withOwn(() => {}, { allowedCidrs: ["10.0.0.0/8"] });
    expect(build).toThrow("allowedCidrs: got 10.0.0.0/8 for session-test/own, which does not check addresses, allowed");
  });

  it("an app that runs as no function", () => {
    const build = () =>
      withOwn((app) => {
        app.isFunction = false;
      });
    expect(build).toThrow("session-test/web: app: got session-test/own, which has no functionCode, allowed");
  });

  it("variables that Lambda sets itself", () => {
    expect(() => withOwn((app) => Object.assign(app.environment, { AWS_SESSION_TOKEN: "x" }))).toThrow(
      "environment: got AWS_SESSION_TOKEN, allowed: names that Lambda does not set itself",
    );
  });
});
