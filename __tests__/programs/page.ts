import { readFileSync } from "node:fs";
import path from "node:path";

/** Anchors of a page of this repository, as GitHub makes them of its headings. */
export function findAnchors(page: string): string[] {
  const headings = readFileSync(path.join(__dirname, "..", "..", page), "utf8").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}
