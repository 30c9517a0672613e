import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const EXAMPLES = path.join(__dirname, "..", "..", "examples");

/**
 * Finds the program that shows a construct: `RedisCluster` is in `docs/examples/redis/redis-cluster.ts`.
 *
 * @returns the absolute path, or undefined if the construct has no example.
 */
export function findExample(name: string): string | undefined {
  const fileName = `${name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase()}.ts`;
  const [module] = readdirSync(EXAMPLES, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && readdirSync(path.join(EXAMPLES, entry.name)).includes(fileName),
  );
  return module && path.join(EXAMPLES, module.name, fileName);
}

/** Formats the example of a construct for a page in docs/reference. The result is empty if there is no example. */
export function formatExample(name: string): string[] {
  const file = findExample(name);
  if (file === undefined) return [];
  const link = ["..", "examples", ...path.relative(EXAMPLES, file).split(path.sep)].join("/");
  return [`Example ([file](${link})):`, `\`\`\`ts\n${readFileSync(file, "utf8").trim()}\n\`\`\``];
}
