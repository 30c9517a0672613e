import { readFileSync } from "node:fs";
import path from "node:path";
import { accessString } from "../../environment";
import { photoAccessString } from "../../environment/photo-cache";
import * as scripts from "../../webapp/session/redis-scripts";
import { SERVERLESS_COMMANDS, UNAVAILABLE_COMMANDS } from "../programs/serverless-commands";

const PAGE = readFileSync(path.join(__dirname, "..", "..", "docs", "elasticache-serverless.md"), "utf8");

/** The commands of an access string in cluster mode. */
function commandsOf(text: string): string[] {
  return text.split(" ").flatMap((word) => (word.startsWith("+") ? [word.slice(1)] : []));
}

const APP = commandsOf(accessString("session:", "cluster"));
const PHOTO_CACHE = commandsOf(photoAccessString("cluster"));
const refused = (names: readonly string[]) => names.filter((name) => !SERVERLESS_COMMANDS.has(name));

/** Names of the page's table of our commands, by what AWS does with them. */
function readTable(answer: "taken" | "refused"): string[] {
  const [, table = ""] = PAGE.split("## Our commands\n");
  const rows = table.split("\n## ")[0]?.match(/^\| .*$/gm) ?? [];
  const cells = rows.map((row) => row.split(" | ")).filter(([, , says = ""]) => says.startsWith(answer));
  return cells.flatMap(([names = ""]) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name.replace(" ", "|")),
  );
}

describe("ElastiCache Serverless takes", () => {
  it("every command that the app's user and the photo cache's user may send", () => {
    expect(APP.length).toBeGreaterThan(30);
    expect(refused([...APP, ...PHOTO_CACHE])).toEqual([]);
  });

  it("every command inside of the session layer's scripts", () => {
    const sources = Object.values(scripts).flatMap((one) => (typeof one === "object" ? [one.source] : []));
    const inside = sources.flatMap((text) =>
      [...text.matchAll(/redis\.p?call\('(\w+)'/g)].map(([, name]) => `${name}`),
    );
    expect(sources.length).toBeGreaterThan(8);
    expect(new Set(inside).size).toBeGreaterThan(8);
    expect(refused(inside.map((name) => name.toLowerCase()))).toEqual([]);
  });

  it("what its page says, and refuses the rest", () => {
    expect(new Set(readTable("taken"))).toEqual(new Set(["auth", ...APP, ...PHOTO_CACHE]));
    expect(refused(readTable("taken"))).toEqual([]);
    expect(readTable("refused")).toEqual(["memory|usage"]);
    expect(refused(readTable("refused"))).toEqual(readTable("refused"));
  });

  it("none of the commands that AWS lists as unavailable", () => {
    expect([...UNAVAILABLE_COMMANDS].filter((name) => SERVERLESS_COMMANDS.has(name))).toEqual([]);
  });
});
