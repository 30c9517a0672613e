import { parseJson } from "../../../cli/terraform/json-format";

describe("text that is no JSON", () => {
  it("is refused without a quotation of it: a plan holds sensitive values as they are", () => {
    const plan = '{"planned_values":{"password":hunter2}}';
    expect(() => parseJson(plan)).toThrow(`got no JSON (${plan.length} characters)`);
    expect(() => parseJson(plan)).not.toThrow(/hunter/);
  });
});
