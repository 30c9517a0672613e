import { createInterface } from "node:readline/promises";
import { STOP_SIGNALS } from "../machine/programs";

/** Asks on the terminal, as Terraform does. @returns whether the answer is `yes`; Ctrl-C and Ctrl-D are none. */
export async function confirm(question: string): Promise<boolean> {
  // Not as a terminal of readline's own: so Ctrl-C is a signal here too.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const over = new AbortController();
  const stop = () => over.abort();
  lines.once("close", stop);
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  try {
    const prompt = `${question}\n  Only 'yes' will be accepted to approve.\n\n  Enter a value: `;
    return (await lines.question(prompt, { signal: over.signal })).trim() === "yes";
  } catch (error) {
    if (!over.signal.aborted) throw error;
    process.stderr.write("\n");
    return false;
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
    lines.close();
  }
}
