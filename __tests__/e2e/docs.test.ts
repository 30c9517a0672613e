import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Block, type Command, pages, parseBlocks, parseCommands } from "../docs/blocks";
import { checkout } from "../programs/checkout";
import { freePort } from "../programs/redis-server";
import { describeWith, findOnPath } from "../programs/require";
import { Server, Terminal } from "../programs/terminal";

/** Commands that no other test runs, for each page that has some; a translation shows the same ones. */
const TO_RUN = pages()
  .filter((page) => !page.endsWith(".ja.md"))
  .map((page) => ({ page, blocks: parseBlocks(page).filter(isOurs) }))
  .filter(({ blocks }) => blocks.length > 0);

function isOurs(block: Block): boolean {
  return parseCommands(block).length > 0 && !block.marks.some((mark) => mark === "aws" || mark.startsWith("by="));
}

/** A build on a busy machine takes its time. */
const DEADLINE_MS = 120_000;

/** Matches output without the parts that differ from run to run: ids, tokens, times and other numbers; `...` is any lines. */
function expected(shown: readonly string[]): RegExp {
  const lines = shown
    .filter((line) => line.trim() !== "")
    .map((line) => (line.trim() === "..." ? "(?:.*\\n)*?" : `${escaped(loose(line))}\\n`));
  return new RegExp(`^${lines.join("")}$`);
}
const printed = (output: string) => `${loose(output).trim()}\n`;
const loose = (text: string) =>
  text
    .replace(/[\w-]{20,}(\.\w+)*/g, "ID")
    .replace(/\d+/g, "N")
    .replace(/N (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) N/g, "DATE")
    .replace(/ +/g, " ")
    .replace(/ *\n\s*/g, "\n")
    .trim();
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

describeWith(["redis-server", "redis-cli", "moto_server"], "the commands of the docs, as they are written", () => {
  it.each(TO_RUN)(
    "$page",
    async ({ blocks }) => {
      const folder = checkout();
      const bin = mkdtempSync(path.join(os.tmpdir(), "docs-bin-"));
      const [redis, port, invoke] = [await freePort(), await freePort(), await freePort()];
      // The ports the docs name may be taken here.
      const local = (text: string) =>
        text
          .replaceAll("127.0.0.1:6379", `127.0.0.1:${redis}`)
          .replace(/127\.0\.0\.1:(5000|8080)/g, `127.0.0.1:${port}`)
          .replaceAll("127.0.0.1:8081", `127.0.0.1:${invoke}`);
      for (const [program, option] of [
        // On a terminal it quotes its answers, and in a pipe it does not; ours is a socket.
        ["redis-cli", "-p"],
        ["redis-server", "--port"],
      ] as const) {
        const script = `#!/bin/sh\n[ -p /dev/stdout ] || export FAKETTY=1\nexec ${findOnPath(program)} ${option} ${redis} "$@"\n`;
        writeFileSync(path.join(bin, program), script);
        chmodSync(path.join(bin, program), 0o755);
      }
      const { PATH = "", HOME = "" } = process.env;
      const ports = { PORT: String(port), INVOKE_PORT: String(invoke), REDIS_URL: `redis://127.0.0.1:${redis}` };
      // Without the user's own settings of npm, whose output would differ.
      const env = { PATH: `${bin}:${PATH}`, HOME, NPM_CONFIG_USERCONFIG: os.devNull, ...ports };
      const terminal = new Terminal(folder, env);
      const servers = new Map<string, Server>();

      const serve = async ({ text, output }: Command) => {
        // One terminal has Redis, the other one the app: the next app takes the place of the one before.
        const name = text.startsWith("redis-server") ? "redis" : "app";
        await servers.get(name)?.stop();
        const server = new Server(local(text), folder, env);
        servers.set(name, server);
        const deadline = Date.now() + DEADLINE_MS;
        const isReady = async () =>
          name === "redis"
            ? (await terminal.run("redis-cli ping", DEADLINE_MS)).output.includes("PONG")
            : expected(output).test(printed(server.output));
        while (!(await isReady())) {
          if (server.hasEnded || Date.now() > deadline) throw new Error(`$ ${text}\n--- printed\n${server.output}`);
          await pause(50);
        }
      };
      const type = async ({ text, output: shown }: Command) => {
        const { output, code } = await terminal.run(local(text), DEADLINE_MS);
        if (shown.some((line) => line !== "") && !expected(shown).test(printed(output))) {
          throw new Error(`$ ${text}\n--- shown\n${shown.join("\n")}\n--- printed\n${output}`);
        }
        if (shown.every((line) => line === "") && code !== 0)
          throw new Error(`$ ${text}\nended with ${code}\n${output}`);
      };

      try {
        for (const block of blocks) {
          for (const command of parseCommands(block)) await (block.marks.includes("server") ? serve : type)(command);
        }
      } finally {
        await terminal.close();
        for (const server of servers.values()) await server.stop();
        rmSync(bin, { recursive: true, force: true });
      }
    },
    300_000,
  );
});
