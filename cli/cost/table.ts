/** A table in Markdown. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Dollars with cents; `?` for an unknown amount. */
export function formatDollars(usd: number | undefined): string {
  return usd === undefined ? "?" : `$${usd.toFixed(2)}`;
}
