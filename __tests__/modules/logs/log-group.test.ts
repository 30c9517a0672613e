import { LogGroup } from "../../../modules/logs";
import { synthesize } from "../../synthesized";

const withRetention = (retentionDays: number) =>
  synthesize((stack) => new LogGroup(stack, "log", { folder: "/aws/vpc/", retentionDays }));

test("a log group creates valid Terraform: folder, name, retention", () => {
  expect(withRetention(14).the("aws_cloudwatch_log_group")).toMatchObject({
    name: "/aws/vpc/session-test-log",
    retention_in_days: 14,
    tags: { Name: "session-test-log" },
  });
});

describe("a log group refuses", () => {
  test.each([
    { retentionDays: 0, fix: 1 },
    { retentionDays: 10, fix: 14 },
    { retentionDays: 5000, fix: 3653 },
  ])("a retention of $retentionDays days and offers $fix", ({ retentionDays, fix }) => {
    expect(() => withRetention(retentionDays)).toThrow(
      new RegExp(`logRetentionDays: got ${retentionDays}, allowed: 1, 3, 5, .*Fix: take ${fix}\\.`),
    );
  });

  test("a name that is too long with its folder", () => {
    expect(() =>
      synthesize((stack) => new LogGroup(stack, "l".repeat(500), { folder: "/aws/vpc/", retentionDays: 1 })),
    ).toThrow(/log group name: .*allowed: at most 503/);
  });
});
