import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type SynthesizedStack, synthesize } from "../../terraform/synthesize";
import { describeError, type Finding, fail, ok, warn } from "../finding";

/** Checks the settings by a synthesis of all stacks, outside of `cdktf.out`. */
export async function checkSettings(
  ids: readonly string[],
  settingsFile?: string,
): Promise<{ readonly findings: Finding[]; readonly stacks: readonly SynthesizedStack[] }> {
  const file = settingsFile === undefined ? "cdktf.json" : `cdktf.json with ${settingsFile}`;
  const outdir = mkdtempSync(path.join(os.tmpdir(), "doctor-"));
  try {
    const stacks = await synthesize(ids, { settingsFile, outdir });
    const names = stacks.map(({ id }) => id).join(", ");
    const warnings = (stacks[0]?.warnings ?? []).map((line) =>
      warn("settings", line.replace(/^warning: /, ""), "change the setting in cdktf.json, unless it is meant so"),
    );
    return { findings: [ok("settings", `${file} is valid for ${names}`), ...warnings], stacks };
  } catch (error) {
    const lines = (error as Error).message.split("\n").filter(Boolean);
    const findings = lines.map((line) =>
      fail(
        "settings",
        describeError(line),
        `mend it in cdktf.json, under context${settingsFile === undefined ? "" : `, or in ${settingsFile}`}`,
      ),
    );
    return { findings, stacks: [] };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
