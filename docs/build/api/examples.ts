import { readdirSync } from "node:fs";
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
