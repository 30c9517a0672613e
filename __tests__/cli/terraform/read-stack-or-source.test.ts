import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { readStackOrSource } from "../../../cli/terraform/read-stack-or-source";
import { synthesize } from "../../../cli/terraform/synthesize";

jest.mock("../../../cli/terraform/synthesize");

const own = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), "source-"));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(own);
  rmSync(folder, { recursive: true });
});

/** Every stack has its own name in its text. */
beforeEach(() => {
  jest.mocked(synthesize).mockReset();
  jest
    .mocked(synthesize)
    .mockImplementation((ids) =>
      Promise.resolve(ids.map((id) => ({ id, folder, text: `text of ${id}`, warnings: [] }))),
    );
});

describe("a source by the name of a stack of this repository", () => {
  it("is synthesized", async () => {
    expect(await readStackOrSource("session-ecs", String)).toBe("text of session-ecs");
  });

  it("is the file of that name where there is one", async () => {
    writeFileSync(path.join(folder, "session-ec2"), "text of a file");
    expect(await readStackOrSource("session-ec2", String)).toBe("text of a file");
    expect(synthesize).not.toHaveBeenCalled();
  });

  it("and no other name is", async () => {
    await expect(readStackOrSource("session-ec9", String)).rejects.toThrow(
      /^session-ec9: no such file; takes session-ec2, session-ecs, session-lambda, a stack's folder, /,
    );
    expect(synthesize).not.toHaveBeenCalled();
  });
});
