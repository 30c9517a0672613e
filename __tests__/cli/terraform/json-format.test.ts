import { parseJson } from "../../../cli/terraform/json-format";

describe("text that is no JSON", () => {
  it("is refused without a quotation of it: a plan holds sensitive values as they are", () => {
    const plan = '{"planned_values":{"password":hunter2}}';
    expect(() => parseJson(plan)).toThrow(`got no JSON (${plan.length} characters)`);
    expect(() => parseJson(plan)).not.toThrow(/hunter/);
  });
});

describe("JSON with the lines that setup-terraform's wrapper prints", () => {
  const before = "[command]/home/runner/work/_temp/1/terraform-bin show -json plan.out";

  it.each([
    ["before it", `${before}\n{"a":1}`],
    ["on Windows", `${before}\r\n{"a":1}\r\n`],
    ["on both sides", `${before}\n{"a":1}\n\n::debug::Terraform exited with code 0.\n::debug::stdout: 1\n`],
  ])("is read: %s", (_, text) => {
    expect(parseJson(text)).toEqual({ a: 1 });
  });

  it("is refused with the setting that leaves them out, where it is something else", () => {
    expect(() => parseJson(`${before}\nError: no plan\n`)).toThrow(/^got no JSON .*terraform_wrapper: false/);
    expect(() => parseJson("Error: no plan")).not.toThrow(/wrapper/);
  });
});
