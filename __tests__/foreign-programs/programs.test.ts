import { PROGRAMS } from ".";
import { type SynthesizedProgram, synthesizeProgram } from "./synthesize";

const synthesized = new Map<string, SynthesizedProgram>();
function read(name: string): SynthesizedProgram {
  const found = synthesized.get(name) ?? synthesizeProgram(PROGRAMS[name] as (typeof PROGRAMS)[string]);
  synthesized.set(name, found);
  return found;
}

describe.each(Object.keys(PROGRAMS))("the program %s", (name) => {
  it("depends on resources of the same stack only, as Terraform asks", () => {
    for (const [id, { json }] of Object.entries(read(name).stacks)) {
      const addresses = new Set(
        [...Object.entries(json.resource ?? {}), ...Object.entries(json.data ?? {})].flatMap(([type, blocks]) =>
          Object.keys(blocks).flatMap((block) => [`${type}.${block}`, `data.${type}.${block}`]),
        ),
      );
      const named = Object.values(json.resource ?? {}).flatMap((blocks) =>
        Object.values(blocks).flatMap(({ depends_on = [] }) => depends_on as string[]),
      );
      expect([id, named.filter((address) => !addresses.has(address))]).toEqual([id, []]);
    }
  });

  it("leaves no token behind", () => {
    for (const { text } of Object.values(read(name).stacks)) expect(text).not.toMatch(/TfToken|e\+(28|29|30)\d/);
  });
});

describe("stacks that take constructs of each other", () => {
  it("are deployed in the order in which they need each other", () => {
    const { after } = read("many stacks");
    expect(after.platform).toEqual([]);
    expect(after.data).toEqual(["platform"]);
    for (const id of ["ec2", "fleet", "fargate", "containers", "functions"]) {
      expect(after[id]).toEqual(expect.arrayContaining(["platform", "data", "shop"]));
    }
    expect(after.watch).toEqual(expect.arrayContaining(["platform", "data", "fleet", "fargate", "functions"]));
  });

  it("have a dashboard each for what is watched there, and none that needs the stack that needs it", () => {
    const { stacks } = read("many stacks");
    const dashboards = (id: string) =>
      Object.values(stacks[id]?.all("aws_cloudwatch_dashboard") ?? {}).map(({ dashboard_name }) => dashboard_name);
    expect(dashboards("platform")).toEqual(["platform-monitoring"]);
    expect(dashboards("watch")).toEqual(["watch-platform-monitoring"]);
    expect(dashboards("functions")).toEqual(["functions-platform-monitoring"]);
  });

  it("keep each app's rights apart, however alike their paths are", () => {
    const { stacks } = read("two stacks");
    const policies = Object.keys(stacks.web?.all("aws_iam_role_policy") ?? {});
    expect(policies.filter((address) => address.includes("base-redis"))).toHaveLength(1);
  });
});
