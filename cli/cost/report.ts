import { UserError } from "../../environment/user-error";
import { readConfiguration } from "../terraform/read-configuration";
import { listLeftOut } from "./left-out";
import { HOURS, type Line } from "./line";
import { findPrice, listCosts } from "./lines";
import { PRICES, type Quote, REGIONS, type Region } from "./prices";
import { listSurplusCredits, type SurplusCredits } from "./surplus-credits";
import { formatDollars, formatTable } from "./table";

/** Dollars of a line in a month; undefined if its price or amount is unknown. */
function monthly({ price, amount }: Line, region: Region): number | undefined {
  const found = findPrice(price);
  const quote = found?.quotes[region];
  if (quote === undefined || Number.isNaN(amount)) return undefined;
  return quote[0] * amount * (found?.per === "hour" ? HOURS : 1);
}

/** The sum of a region, and whether an unknown line is missing in it. */
interface Sum {
  readonly usd: number;
  readonly isAtLeast: boolean;
}

function add(lines: readonly Line[], region: Region): Sum {
  const all = lines.map((line) => monthly(line, region));
  return { usd: all.reduce<number>((sum, usd) => sum + (usd ?? 0), 0), isAtLeast: all.includes(undefined) };
}

/**
 * Dollars an hour for the resources of a stack, without their use, in the dearest region with prices of all of them.
 *
 * @throws {UserError} for a resource without a price in any of the regions: the sum would be too small.
 */
export function hourlyCost(text: string): number {
  const had = listCosts(text).filter(({ assumes }) => assumes === undefined);
  const sums = REGIONS.map((region) => add(had, region)).filter(({ isAtLeast }) => !isAtLeast);
  if (sums.length > 0) return Math.max(...sums.map(({ usd }) => usd)) / HOURS;
  const unknown = had.find((line) => REGIONS.some((region) => monthly(line, region) === undefined));
  throw new UserError(
    `${unknown?.price}: has no price here; put it into cli/cost/prices.ts, with its source and its day`,
  );
}

/** The monthly costs of a stack as Markdown: its resources, then the use by a small site with its assumptions. */
export function costTable(text: string): string {
  const { had, used, surplus, leftOut, otherRegion } = readCosts(text);
  const row = (line: Line) => [
    describe(line),
    formatAmount(line),
    ...REGIONS.map((region) => formatDollars(monthly(line, region))),
  ];
  const total = (name: string, lines: readonly Line[]) => {
    const sums = REGIONS.map((region) => add(lines, region));
    return [
      `**${name}**`,
      "",
      ...sums.map(({ usd, isAtLeast }) => `**${isAtLeast ? "at least " : ""}${formatDollars(usd)}**`),
    ];
  };
  const rows = [
    ...had.map(row),
    total("without use", had),
    ...used.map(row),
    total("with a small site's use", [...had, ...used]),
  ];
  const parts = [
    ...(otherRegion === undefined ? [] : [`${otherRegion} has no prices here: these are prices of other regions.`]),
    formatTable(["a month", "how many", ...REGIONS], rows),
    ...surplus.map(formatSurplus),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join("; ")}.`]),
  ];
  return parts.join("\n\n");
}

/** The same as data for programs; null for an unknown price or amount. */
export function costData(text: string): object {
  const { had, used, surplus, leftOut, otherRegion } = readCosts(text);
  const byRegion = <T>(of: (region: Region) => T) => Object.fromEntries(REGIONS.map((region) => [region, of(region)]));
  const data = (line: Line) => ({
    what: describe(line),
    amount: Number.isNaN(line.amount) ? null : line.amount,
    usd: byRegion((region) => monthly(line, region) ?? null),
  });
  return {
    lines: had.map(data),
    sum: byRegion((region) => add(had, region)),
    use: used.map(data),
    sumWithUse: byRegion((region) => add([...had, ...used], region)),
    surplusCredits: surplus.map(({ price, ...credits }) => ({
      ...credits,
      usd: byRegion((region) => monthly({ price, amount: credits.vcpuHours }, region) ?? null),
    })),
    leftOut,
    regionWithoutPrices: otherRegion ?? null,
  };
}

function readCosts(text: string) {
  const lines = listCosts(text);
  const configuration = readConfiguration(text);
  const { region } = configuration;
  return {
    had: lines.filter(({ assumes }) => assumes === undefined),
    used: lines.filter(({ assumes }) => assumes !== undefined),
    surplus: listSurplusCredits(configuration),
    leftOut: listLeftOut(configuration),
    otherRegion: REGIONS.some((known) => known === region) ? undefined : region,
  };
}

/** All prices with their source and its day. */
export function priceTable(): string {
  const quoted = (quote: Quote | undefined) => (quote === undefined ? ["?", ""] : [shownPrice(quote[0]), quote[1]]);
  const rows = Object.values(PRICES).map(({ what, per, quotes, source }) => {
    const name = new URL(source).pathname.split("/")[1];
    return [what, per, ...REGIONS.flatMap((region) => quoted(quotes[region])), `[${name}](${source})`];
  });
  return formatTable(["price", "for", ...REGIONS.flatMap((region) => [region, "read"]), "AWS' page"], rows);
}

/** The surplus credits are no line of the table: a small site has none, and a busy one has a part of them. */
function formatSurplus({ instanceType, instances, percent, vcpuHours, price }: SurplusCredits): string {
  const all = REGIONS.map((region) => `${formatDollars(monthly({ price, amount: vcpuHours }, region))} in ${region}`);
  const many = instances === 1 ? `one ${instanceType}` : `${instances} ${instanceType}`;
  return `Surplus CPU credits can add up to ${all.join(", ")}: ${many} with ${percent} % of the processors busy all month. \`cpuCredits: standard\` avoids them.`;
}

function describe({ price, assumes }: Line): string {
  const what = findPrice(price)?.what ?? price;
  return assumes === undefined ? what : `${what}: ${assumes}`;
}

function formatAmount({ price, amount }: Line): string {
  if (Number.isNaN(amount)) return "?";
  const number = Number(amount.toFixed(3)).toLocaleString("en-US");
  const per = findPrice(price)?.per ?? "hour";
  if (per === "hour") return number;
  if (per === "month") return `${number} ${amount === 1 ? "piece" : "pieces"}`;
  return `${number} ${per === "GB and month" ? "GB" : per}`;
}

function shownPrice(usd: number): string {
  return `$${usd < 0.001 ? usd.toFixed(10).replace(/0+$/, "") : String(usd)}`;
}
