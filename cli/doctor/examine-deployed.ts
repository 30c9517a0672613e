import type { State } from "../terraform/state";
import type { SynthesizedStack } from "../terraform/synthesize";
import type { Advice } from "./advice";
import { examineAddress } from "./examine-address";
import { type Finding, fail, inOneLine, skipped } from "./finding";
import type { Section } from "./report";
import type { SiteOptions } from "./site";
import { examineCompleteness, examineImages, examineResources, examineTainted } from "./stack";

/** A deployed stack of any program. */
interface Deployed {
  readonly stack: Pick<SynthesizedStack, "text">;
  readonly state: State;
  /** Region of resources without an ARN. */
  readonly region: string;
  /** The stack's folder, as messages show it. */
  readonly folder: string;
  /** Whether AWS knows the credentials. */
  readonly identity: Finding;
  readonly advice: Advice;
}

/** Compares the resources of a deployed stack with AWS' answers. */
export async function examineAtAws({ stack, state, region, folder, identity, advice }: Deployed): Promise<Section> {
  const findings = await ifKnown(identity, "resources", async () => [
    ...(await examineCompleteness(stack, state, advice)),
    ...(await examineTainted(region, state, folder)),
    ...(await examineResources(region, state)),
    ...(await examineImages(region, state, advice)),
  ]);
  return { title: "its resources at AWS", findings };
}

/** Examines the site at the address in a stack's output `url`. */
export async function examineOutput(
  { outputs: { url } }: State,
  { plan }: Advice,
  options: SiteOptions,
): Promise<Section> {
  const next = `${plan} shows whether a deploy mends the output; --url <address> looks at the site by itself`;
  const refuse = (says: string) => ({ title: "the site", findings: [fail("output url", says, next)] });
  if (typeof url !== "string") return refuse(`got ${JSON.stringify(url) ?? "none"}, takes an address`);
  if (!/^https?:/.test(url) || !URL.canParse(url)) return refuse(`got ${inOneLine(url)}, takes an address`);
  const [site] = await examineAddress(new URL(url), options);
  return site as Section;
}

/** The findings of a check that asks AWS, if AWS knows the credentials. */
export async function ifKnown(identity: Finding, check: string, ask: () => Promise<Finding[]>): Promise<Finding[]> {
  return identity.status === "ok" ? ask() : [skipped(check, "needs working credentials: see above")];
}
