import { main } from "../../../cli/machine/command";
import { FailedError } from "../../../cli/machine/failed-error";
import { EnvironmentError, UserError } from "../../../environment";
import { SettingsError } from "../../../settings";

const before = process.exitCode;
let stderr = "";
beforeEach(() => {
  stderr = "";
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = before;
});

/** The exit code of a command that does this. */
async function runToEnd(run: () => 0 | 1 | undefined): Promise<unknown> {
  await main({ name: "sail", says: "Sails.", options: {}, run }, []);
  return process.exitCode;
}
const throwing = (error: unknown) => () => {
  throw error;
};

describe("a command ends", () => {
  it.each([
    [undefined, 0],
    [0, 0],
    [1, 1],
  ] as const)("with what it returns: %p is %p", async (returned, code) => {
    expect([await runToEnd(() => returned), stderr]).toEqual([code, ""]);
  });

  it.each([
    { error: new UserError("a: got b"), code: 2 },
    { error: new SettingsError("a: got b"), code: 2 },
    { error: new EnvironmentError("a: got b"), code: 2 },
    { error: Object.assign(new Error("a: got b"), { code: "EACCES" }), code: 2 },
    { error: new FailedError("a: got b"), code: 1 },
  ])("with $code for $error.name, whose message it prints alone", async ({ error, code }) => {
    expect([await runToEnd(throwing(error)), stderr]).toEqual([code, "a: got b\n"]);
  });

  it.each([new TypeError("no such thing"), "a text"])("with 2 for a bug, which it shows whole: %p", async (error) => {
    expect(await runToEnd(throwing(error))).toBe(2);
    expect(stderr).toContain(error instanceof Error ? `${error.stack}\n` : "a text\n");
    expect(stderr).toMatch(/This is a bug of cdktf-session-store, not of your input\. .*\n$/);
  });
});
