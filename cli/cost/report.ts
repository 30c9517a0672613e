import { HOURS, type Line, listCosts } from "./lines";
import { PRICES, REGIONS, type Region } from "./prices";

/** Dollars of a line in a month, and whether its price was read in AWS' list on a known day. */
function monthly({ price, amount }: Line, region: Region): number {
  const { per, quotes } = PRICES[price];
  return quotes[region][0] * amount * (per === "hour" ? HOURS : 1);
}

/** Dollars an hour for the resources of a stack, without their use, in the dearest region with prices. */
export function hourlyCost(text: string): number {
  const had = listCosts(text).filter(({ assumes }) => assumes === undefined);
  const sums = REGIONS.map((region) => had.reduce((sum, line) => sum + monthly(line, region), 0));
  return Math.max(...sums) / HOURS;
}

/** What a stack costs in a month, as Markdown; what is used and not had comes last, with what is assumed. */
export function costTable(text: string): string {
  const lines = listCosts(text);
  const row = (line: Line) => {
    const { what, per } = PRICES[line.price];
    const amount = `${shown(line.amount)}${per === "hour" ? "" : ` ${formatUnit(line)}`}`;
    return [
      line.assumes === undefined ? what : `${what}: ${line.assumes}`,
      amount,
      ...REGIONS.map((region) => dollars(monthly(line, region))),
    ];
  };
  const total = (name: string, of: readonly Line[]) => {
    const sums = REGIONS.map((region) => of.reduce((sum, line) => sum + monthly(line, region), 0));
    return [`**${name}**`, "", ...sums.map((sum) => `**${dollars(sum)}**`)];
  };
  const had = lines.filter(({ assumes }) => assumes === undefined);
  const used = lines.filter(({ assumes }) => assumes !== undefined);
  const rows = [
    ...had.map(row),
    total("whatever happens", had),
    ...used.map(row),
    total("with a small site's use", lines),
  ];
  return table(["a month", "how many", ...REGIONS], rows);
}

/** Every price, its source, and the day it was read. */
export function priceTable(): string {
  const quoted = ([usd, read]: readonly [number, string?]) => [shownPrice(usd), read ?? "not checked"];
  const rows = Object.values(PRICES).map(({ what, per, quotes, source }) => {
    const name = new URL(source).pathname.split("/")[1];
    return [what, per, ...REGIONS.flatMap((region) => quoted(quotes[region])), `[${name}](${source})`];
  });
  return table(["price", "for", ...REGIONS.flatMap((region) => [region, "read"]), "AWS' page"], rows);
}

function formatUnit({ price, amount }: Line): string {
  const { per } = PRICES[price];
  if (per === "month") return amount === 1 ? "piece" : "pieces";
  return per === "GB and month" ? "GB" : per;
}

function shown(amount: number): string {
  return Number(amount.toFixed(3)).toLocaleString("en-US");
}

function shownPrice(usd: number): string {
  return `$${usd < 0.001 ? usd.toFixed(10).replace(/0+$/, "") : String(usd)}`;
}

function dollars(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
