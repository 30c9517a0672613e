import type { Block, Synthesized } from "../../synthesized";
import { HTTP, HTTPS, synthesized } from "./stack";

function findRule(s: Synthesized, key: string): Block {
  return s.at("aws_lb_listener_rule", `path-${key}_`);
}

describe("path rules", () => {
  const paths = { one: ["/1", "/1/*"], two: ["/2", "/2/*"] };

  it("send each path to its target, on the listener that serves", () => {
    const s = synthesized({ ...HTTPS, paths });
    expect(findRule(s, "two")).toMatchObject({
      listener_arn: expect.stringContaining("port-443"),
      condition: [{ path_pattern: { values: ["/2", "/2/*"] } }],
      action: [{ type: "forward", target_group_arn: expect.stringContaining("target-1") }],
    });
    expect(findRule(synthesized({ ...HTTP, paths }), "one").listener_arn).toContain("port-80");
  });

  it("keep address and priority when other rules come and go", () => {
    const [few, many] = [
      synthesized({ ...HTTP, paths }),
      synthesized({ ...HTTP, paths: { zero: ["/0"], two: paths.two, three: ["/3"] } }),
    ];
    expect(Object.keys(many.all("aws_lb_listener_rule"))).toContain(
      Object.keys(few.all("aws_lb_listener_rule")).find((address) => address.includes("path-two")),
    );
    expect(findRule(many, "two").priority).toBe(findRule(few, "two").priority);
    const priorities = Object.values(many.all("aws_lb_listener_rule")).map(({ priority }) => priority);
    expect(new Set(priorities).size).toBe(3);
    for (const priority of priorities) {
      expect(priority).toBeGreaterThanOrEqual(1);
      expect(priority).toBeLessThanOrEqual(50_000);
    }
  });

  it.each([
    [["/1", "/1/*"], ["/2/*"]],
    [["/admin/*"], ["/admin"]],
    [["/*.css"], ["/*.js"]],
    [["/a?"], ["/a", "/abc"]],
    [["/Admin"], ["/admin"]],
  ])("stand side by side: %j and %j", (one, two) => {
    expect(() => synthesized({ ...HTTP, paths: { one, two } })).not.toThrow();
  });

  it.each([
    { one: ["/1"], two: ["/1"], says: "got /1 (one) and /1 (two), which some path matches both" },
    { one: ["/1", "/1/*"], two: ["/1/2"], says: "got /1/* (one) and /1/2 (two)" },
    { one: ["/*"], two: ["/admin"], says: "got /* (one) and /admin (two)" },
    { one: ["/a*"], two: ["/*a"], says: "got /a* (one) and /*a (two)" },
    { one: ["/a?c"], two: ["/ab?"], says: "got /a?c (one) and /ab? (two)" },
    { one: ["/**"], two: ["/?"], says: "got /** (one) and /? (two)" },
  ])("refuse what some path matches twice: $one and $two", ({ one, two, says }) => {
    expect(() => synthesized({ ...HTTP, paths: { one, two } })).toThrow(says);
  });

  it.each<{ what: string; paths: Record<string, string[]>; message: string }>([
    {
      what: "a path without a slash",
      paths: { one: ["1"] },
      message: 'session-test/alb: pathRules: one: got "1", allowed: a / and at most 127',
    },
    { what: "a path with a blank", paths: { one: ["/a b"] }, message: 'got "/a b", allowed' },
    { what: "a path of 129 characters", paths: { one: [`/${"x".repeat(128)}`] }, message: "at most 127" },
    {
      what: "a path twice in a rule",
      paths: { one: ["/1", "/1"] },
      message: "one: got /1 twice, allowed: each path once",
    },
    { what: "a rule without a path", paths: { one: [] }, message: "one: got 0 paths, allowed: 1 to 5 a rule" },
    {
      what: "six paths in a rule",
      paths: { one: ["/1", "/2", "/3", "/4", "/5", "/6"] },
      message: "one: got 6 paths, allowed: 1 to 5 a rule",
    },
    {
      what: "six wildcards in a rule",
      paths: { one: ["/??????"] },
      message: "one: got 6 wildcards, allowed: at most 5",
    },
    { what: "a key with a slash", paths: { "a/b": ["/1"] }, message: 'pathRules: key: got "a/b", allowed: 1 to 64' },
    {
      what: "101 rules",
      paths: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, [`/${i}`]])),
      message: "pathRules: got 101 rules, allowed: at most 100",
    },
    {
      // Found by trying: SHA-256 gives both the same priority.
      what: "keys that have the same priority",
      paths: { "key-275": ["/1"], "key-394": ["/2"] },
      message: "which have the same priority",
    },
  ])("refuse $what", ({ paths: wrong, message }) => {
    expect(() => synthesized({ ...HTTP, paths: wrong })).toThrow(message);
  });
});
