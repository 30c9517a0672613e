import { readFileSync } from "node:fs";
import path from "node:path";
import { listCosts } from "../../../cli/cost/lines";
import { withTables } from "../../../cli/cost/page";
import { costTable } from "../../../cli/cost/report";
import { UserError } from "../../../environment";
import { synthesizeProgram } from "../../synthesized/program";

const allowedCidrs = ["203.0.113.0/24"];

/** How many of what a stack has. */
function amounts(context: object, id: string): Record<string, number> {
  const text = synthesizeProgram(context, id).get(id) as string;
  return Object.fromEntries(listCosts(text).map(({ price, amount }) => [price, amount]));
}

describe("what a stack costs", () => {
  it("is on its page as the default settings have it (npm run cost -- --write)", () => {
    const page = readFileSync(path.join(__dirname, "..", "..", "..", "docs", "cost.md"), "utf8");
    expect(withTables(page, synthesizeProgram({}))).toBe(page);
  });

  it.each([
    { what: "nodes of shards", context: { redis: { shards: 3, replicas: 2 } }, has: { "cache.t4g.micro redis": 9 } },
    { what: "Valkey", context: { redis: { engine: "valkey-8.0" } }, has: { "cache.t4g.micro valkey": 2 } },
    {
      what: "a fleet, its volumes, addresses and endpoints",
      context: { ec2: { allowedCidrs, fleet: { http: true, minInstances: 3 } } },
      has: { "t4g.small": 3, gp3: 30, loadBalancer: 1, address: 2, endpoint: 8, lcu: 15 },
    },
  ])("counts $what", ({ context, has }) => {
    expect(amounts(context, "session-ec2")).toMatchObject(has);
  });

  it("leaves out what a stack does not have", () => {
    const has = Object.keys(amounts({ alarms: null }, "session-ec2"));
    expect(has).toEqual(["cache.t4g.micro redis", "t4g.small", "gp3", "address", "secret", "logs", "out"]);
  });

  it("counts tasks by what they are given, on instances the instances, and nodes of memcached", () => {
    const ecs = { http: true, allowedCidrs };
    const tasks = amounts({ ecs: { ...ecs, architecture: "X86_64", cpu: 1024, memoryMib: 2048 } }, "session-ecs");
    expect(tasks).toMatchObject({ "X86_64 vcpu": 4, "X86_64 gb": 8, nat: 1, image: 1 });
    const instances = amounts({ ecs: { ...ecs, launchType: "EC2" } }, "session-ecs");
    expect(instances).toMatchObject({ "t4g.medium": 2 });
    expect(Object.keys(instances).join()).not.toContain("vcpu");
    const lambda = amounts({ lambda: { photoCache: { engine: "memcached", nodes: 3 } } }, "session-lambda");
    expect(lambda).toMatchObject({ "cache.t4g.micro redis": 5, api: 1, lambdaTime: 50_000 });
  });

  it("counts an alarm by each metric that it analyzes", () => {
    // On each of two nodes, seven alarms of one metric and one of two; two on the instance.
    expect(amounts({}, "session-ec2").alarm).toBe(2 * (7 + 2) + 2);
  });

  it("adds up by the hour and by the month", () => {
    const table = costTable(JSON.stringify({ resource: { aws_eip: { a: {} }, aws_secretsmanager_secret: { s: {} } } }));
    expect(table).toContain("| public IPv4 address | 1 | $3.65 | $3.65 |\n");
    expect(table).toContain("| **whatever happens** |  | **$4.05** | **$4.05** |\n");
  });

  it("says when it has no price, rather than leave it out", () => {
    expect(() => amounts({ redis: { nodeType: "cache.r7g.large" } }, "session-ec2")).toThrow(UserError);
  });
});
