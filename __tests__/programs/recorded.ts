import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Stand-ins for programs that a machine may lack, alone on a PATH of their own; each call is written down. */
export interface Recorded {
  /** For the variable PATH. */
  readonly path: string;
  /** One line a call: the program, its arguments, `<` and what it read. */
  calls(): string[];
  remove(): void;
}

/** @param programs - name, and the lines of sh it runs after it has written down its call; may exit otherwise than 0. */
export function recordedPrograms(programs: Readonly<Record<string, string>>): Recorded {
  const dir = mkdtempSync(path.join(os.tmpdir(), "recorded-"));
  const log = path.join(dir, "calls");
  for (const [name, script] of Object.entries(programs)) {
    const file = path.join(dir, name);
    const readsInput = 'case "$*" in *stdin*) read -r input; line="$line < $input" ;; esac';
    writeFileSync(file, `#!/bin/sh\nline="${name} $*"\n${readsInput}\necho "$line" >>${log}\n${script}\n`);
    chmodSync(file, 0o755);
  }
  return {
    path: dir,
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
    remove: () => rmSync(dir, { recursive: true }),
  };
}
