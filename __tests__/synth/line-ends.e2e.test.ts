import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { differences, hashes } from "../nodes/hashes";
import { checkout } from "../programs/checkout";

/** A checkout where git converts line ends in spite of .gitattributes, or an archive that was unpacked with such a conversion. */
function useCrlf(folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) useCrlf(file);
    else if (entry.isFile()) writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
  }
}

function synthesized(folder: string): ReadonlyMap<string, string> {
  const args = ["--require", "./cli/typescript.cjs", "--require", "./webapp/build/if-edited.cjs", "main.ts"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  expect([status, stderr.replaceAll(/^warning: .* is a network for documentation .*\n/gm, "")]).toEqual([0, ""]);
  return hashes(path.join(folder, "cdktf.out"));
}

it("writes the same bytes from a checkout with CRLF: user data, bundles and zips", () => {
  const [lf, crlf] = [checkout(), checkout()];
  useCrlf(crlf);
  const expected = synthesized(lf);
  expect(expected.size).toBeGreaterThan(3);
  expect(differences(expected, synthesized(crlf))).toEqual([]);
}, 120_000);
