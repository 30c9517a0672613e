import { INTERNET, VISITORS } from "./arrows";
import type { Box, Drawing, Part, Place } from "./drawing";

/** A drawing in Mermaid's syntax, as GitHub renders it. */
export function mermaid({ vpc, subnets, boxes, arrows }: Drawing): string {
  const at = (place: Place) => boxes.filter((box) => box.place === place);
  const ends = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const kinds = (["public", "private"] as const).filter((place) => at(place).length > 0);
  return [
    "flowchart LR",
    ...(ends.has(VISITORS) ? [`  ${VISITORS}(["Visitors"])`] : []),
    `  subgraph vpc["${vpc}"]`,
    ...at("vpc").flatMap((box) => indented(2, boxLines(box))),
    ...kinds.flatMap((place) => [
      `    subgraph ${place}["${subnets[place]}"]`,
      ...at(place).flatMap((box) => indented(3, boxLines(box))),
      "    end",
    ]),
    "  end",
    ...(ends.has(INTERNET) ? [`  ${INTERNET}(["AWS and the internet"])`] : []),
    ...at("outside").flatMap((box) => indented(1, boxLines(box))),
    ...arrows.map(({ from, to, label, dotted, isWayOut }) => {
      // A longer arrow ends further to the right, so no line goes behind an unrelated box.
      const line = dotted ? "-...->" : isWayOut ? "--->" : "-->";
      return `  ${from} ${line}${label === "" ? "" : `|"${label}"|`} ${to}`;
    }),
  ].join("\n");
}

function boxLines({ id, title, parts }: Box): string[] {
  if (parts.length === 1 && parts[0]?.id === id) return [node(parts[0])];
  const [first, ...others] = parts as readonly [Part, ...Part[]];
  const inside =
    first.lines[0] === "primary" ? others.map((replica) => `${first.id} -. replicates .-> ${replica.id}`) : [];
  return [`subgraph ${id}["${title}"]`, ...indented(1, ["direction TB", ...parts.map(node), ...inside]), "end"];
}

function node({ id, lines, shape }: Part): string {
  const text = `"${lines.map((line) => line.replaceAll('"', "'")).join("<br>")}"`;
  const [open, close] = { box: ["[", "]"], store: ["[(", ")]"], round: ["([", "])"] }[shape] as [string, string];
  return `${id}${open}${text}${close}`;
}

const indented = (depth: number, lines: readonly string[]) => lines.map((line) => `${"  ".repeat(depth)}${line}`);
