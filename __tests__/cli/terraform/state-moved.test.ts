import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { requireStateInPlace } from "../../../cli/terraform/state-moved";
import { UserError } from "../../../environment";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "initialized-"));
  mkdirSync(path.join(folder, ".terraform"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Looks for the state of a stack whose folder Terraform has initialized with this note of its backend. */
function look(note: string): Promise<void> {
  writeFileSync(path.join(folder, ".terraform", "terraform.tfstate"), note);
  const text = JSON.stringify({ terraform: { backend: { local: { path: path.join(folder, "new.tfstate") } } } });
  return requireStateInPlace({ id: "session-none", folder, text, warnings: [] }, "session");
}

it.each(["", '{"version": 3, "backend": {"ty'])(
  "refuses a note of the backend that holds %j, with the fix",
  async (note) => {
    await expect(look(note)).rejects.toThrow(UserError);
    await expect(look(note)).rejects.toThrow(/terraform\.tfstate: got no JSON, .* Fix: delete this file/);
  },
);

it("takes a note of no backend", async () => {
  await expect(look('{"version": 3}')).resolves.toBeUndefined();
});
