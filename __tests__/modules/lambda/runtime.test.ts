import { Lazy, Token } from "cdktf";
import { NodeRuntime } from "../../../modules/lambda";
import { neededProvider } from "../../../modules/lambda/runtime";

const token = () => Lazy.stringValue({ produce: () => "nodejs24.x" });

describe("NodeRuntime names a runtime of Lambda", () => {
  test.each([
    { runtime: NodeRuntime.NODEJS_22_X, is: { name: "nodejs22.x", major: 22 } },
    { runtime: NodeRuntime.NODEJS_24_X, is: { name: "nodejs24.x", major: 24 } },
    { runtime: NodeRuntime.of("nodejs26.x"), is: { name: "nodejs26.x", major: 26 } },
  ])("$is.name", ({ runtime, is }) => {
    expect(runtime).toMatchObject(is);
  });

  it("or a token, which nothing is known of yet", () => {
    const { name, major } = NodeRuntime.of(token());
    expect([Token.isUnresolved(name), major]).toEqual([true, undefined]);
  });
});

describe("NodeRuntime refuses", () => {
  test.each([
    { what: "a Node.js of which AWS lets no functions be created", name: "nodejs20.x" },
    { what: "a version without its x", name: "nodejs22" },
    { what: "a version alone", name: "22" },
    { what: "another language", name: "python3.13" },
    { what: "nothing", name: "" },
  ])("$what", ({ name }) => {
    const message = `NodeRuntime.of: runtime: got "${name}", allowed: "nodejs22.x" or later, as Lambda names it. Fix: take NodeRuntime.NODEJS_22_X.`;
    expect(() => NodeRuntime.of(name)).toThrow(message);
  });
});

describe("A runtime needs a provider that knows it", () => {
  test.each([
    { name: "nodejs22.x", provider: "5.100.0", needed: undefined },
    { name: "nodejs24.x", provider: "5.100.0", needed: "6.19.0" },
    { name: "nodejs24.x", provider: "6.18.1", needed: "6.19.0" },
    { name: "nodejs24.x", provider: "6.19.0", needed: undefined },
    { name: "nodejs24.x", provider: "6.25.0", needed: undefined },
    { name: "nodejs24.x", provider: "10.0.0", needed: undefined },
    { name: "nodejs26.x", provider: "5.100.0", needed: "6.19.0" },
    { name: token(), provider: "5.100.0", needed: undefined },
  ])("$name with $provider", ({ name, provider, needed }) => {
    expect(neededProvider(NodeRuntime.of(name), provider)).toBe(needed);
  });
});
