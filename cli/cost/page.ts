import { costTable, priceTable } from "./report";

/** Returns the page with new tables, each between `<!-- cost: <name> -->` and `<!-- end -->`. */
export function withTables(page: string, stacks: ReadonlyMap<string, string>): string {
  return page.replaceAll(/(<!-- cost: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g, (all, start, name, end) => {
    const text = stacks.get(name);
    if (name !== "prices" && text === undefined) return all;
    return `${start}${text === undefined ? priceTable() : costTable(text)}\n${end}`;
  });
}
