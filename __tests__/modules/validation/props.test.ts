import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { Network, RedisCluster, SessionStack } from "../../../modules";
import { SAMPLES } from "./constructs";
import { Parts } from "./parts";

function parts(): Parts {
  const stack = new TerraformStack(Testing.app(), "s");
  new AwsProvider(stack, "aws", { region: "ap-northeast-1" });
  return new Parts(stack);
}

// A plain JavaScript program has no compiler to tell it.
describe("a program in plain JavaScript", () => {
  it.each(Object.keys(SAMPLES))("hears of an unknown prop of %s by its name", (name) => {
    const given = parts();
    const { props, make } = SAMPLES[name] as (typeof SAMPLES)[string];
    const misspelt = { ...props(given), acessLogs: true } as never;
    expect(() => make(given.stack, "x", misspelt)).toThrow(/^s\/x: acessLogs: got an unknown prop, allowed: \w+/);
  });

  it.each(Object.keys(SAMPLES))("hears of a prop of the wrong type, for each prop of %s", (name) => {
    const given = parts();
    const { props, make, types } = SAMPLES[name] as (typeof SAMPLES)[string];
    for (const prop of Object.keys(types)) {
      const wrong = { ...props(given), [prop]: Symbol("wrong") } as never;
      expect(() => make(given.stack, `x-${prop}`, wrong)).toThrow(`s/x-${prop}: ${prop}: got the symbol`);
    }
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "an engine by name",
      { engine: "valkey-8.0" },
      'engine: got the text "valkey-8.0", allowed: a RedisEngine. Fix: take RedisEngine.of({ engine: "valkey", version: "8.0" })',
    ],
    ["a number in quotes", { replicas: "2" }, 'replicas: got the text "2", allowed: a number.'],
    ["a part of a prop", { scaling: { shard: {} } }, "scaling.shard: got an unknown prop, allowed: shards, replicas"],
    ["a list for an object", { parameters: [] }, "parameters: got a list, allowed: an object with keys"],
    ["an element", { parameters: { timeout: 20 } }, "parameters.timeout: got the number 20, allowed: a text"],
    ["null", { nodeType: null }, "nodeType: got null, allowed: a text"],
    ["what is missing", { network: undefined }, "network: got nothing, allowed: a network. Fix: create a Network"],
  ])("hears of %s", (_, wrong, says) => {
    const { stack, network } = parts();
    expect(() => new RedisCluster(stack, "cache", { network, ...wrong } as never)).toThrow(`s/cache: ${says}`);
  });

  it("hears of what is wrong in a login", () => {
    const { stack } = parts();
    const make = (auth: object) => () =>
      RedisCluster.fromExisting(stack, `r${stack.node.children.length}`, {
        host: "redis.example.com",
        securityGroupId: "sg-0123456789abcdef0",
        auth: auth as never,
      });
    expect(make({ kind: "sso" })).toThrow('auth.kind: got "sso", allowed: iam, password, none');
    expect(make({ kind: "none", user: "a" })).toThrow("auth.user: got an unknown prop, allowed: kind");
    expect(make({ kind: "password" })).toThrow("auth.passwordSecretArn: got nothing, allowed: a text");
  });

  it("hears that props are missing as a whole, and that a boolean must be known", () => {
    const { stack } = parts();
    expect(() => new (RedisCluster as never as new (...args: unknown[]) => unknown)(stack, "cache")).toThrow(
      "s/cache: props: got nothing, allowed: an object with provider, network",
    );
    const later = new TerraformVariable(stack, "later", {}).booleanValue as never;
    expect(() => new Network(stack, "new", { privateAwsAccess: later })).toThrow(
      "privateAwsAccess: got a value known only after deployment, allowed: true or false, known at synth",
    );
    expect(() => new SessionStack(new App(), "x", { region: "eu-west-1", regoin: "" } as never)).toThrow(
      "x: regoin: got an unknown prop, allowed: region",
    );
  });
});
