import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { App } from "cdktf";
import { readContext, readSettings, type SettingsError } from "../../settings";
import { addStacks } from "../../stacks";
import { Synthesized } from ".";

const root = path.join(__dirname, "..", "..");
const folder = mkdtempSync(path.join(os.tmpdir(), "program-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * What main.ts writes with these settings over cdktf.json's: paths of the stacks' `cdk.tf.json`, their assets beside
 * them, without a process of its own. They are there until the test file has run.
 *
 * @throws as main.ts refuses.
 */
export function synthesizeFiles(context: object, ...names: string[]): Map<string, string> {
  const whole = readContext(root, JSON.stringify(context));
  const app = new App({ context: whole, outdir: mkdtempSync(path.join(folder, "out-")), stackTraces: false });
  const ids = addStacks(app, names, readSettings(whole));
  app.synth();
  return new Map(ids.map((id) => [id, path.join(app.outdir, "stacks", id, "cdk.tf.json")]));
}

const texts = new Map<string, ReadonlyMap<string, string>>();

/** The same, as text; once in a test file for the same settings. */
export function synthesizeProgram(context: object, ...names: string[]): ReadonlyMap<string, string> {
  const key = JSON.stringify([context, names]);
  const made =
    texts.get(key) ??
    new Map([...synthesizeFiles(context, ...names)].map(([id, file]) => [id, readFileSync(file, "utf8")]));
  texts.set(key, made);
  return made;
}

/** One stack of it. */
export function synthesizeStack(context: object, id = "session-ec2"): Synthesized {
  return new Synthesized(synthesizeProgram(context, id).get(id) as string);
}

/** What main.ts would say; nothing when it takes the settings. */
export function refusal(context: object, ...names: string[]): string {
  try {
    synthesizeProgram(context, ...names);
    return "";
  } catch (error) {
    return (error as SettingsError).message;
  }
}
