import { readFileSync } from "node:fs";
import path from "node:path";

export const ROOT = path.join(__dirname, "..", "..", "..");
export const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");

interface Instruction {
  readonly name: string;
  readonly text: string;
}
const instructions: readonly Instruction[] = read("Dockerfile")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => ({ name: line.split(" ")[0] as string, text: line.slice(line.indexOf(" ") + 1) }));
export const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"));
/** The texts of all instructions of a name, such as `COPY`. */
export const listTexts = (name: string, of = instructions): string[] =>
  of.filter((one) => one.name === name).map(({ text }) => text);

/** Files that a `COPY` takes from the repository, not from another stage. */
export const copied = listTexts("COPY")
  .filter((text) => !text.startsWith("--from"))
  .flatMap((text) => text.split(" ").slice(0, -1));
