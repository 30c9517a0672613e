import type { App } from "cdktf";
import { backends } from "./backends";
import { manyStacks } from "./many-stacks";
import { partitions } from "./partitions";
import { serverlessCache } from "./serverless-cache";
import { aliasByAspect, twoRegions } from "./two-regions";
import { twoStacks } from "./two-stacks";
import { wrappers } from "./wrappers";

/** Programs as users write them; the keys are their names. Each is synthesized here, and validated by the provider in the project deploy. */
export const PROGRAMS: Readonly<Record<string, (app: App) => void>> = {
  "many stacks": manyStacks,
  "two stacks": twoStacks,
  wrappers,
  "two regions": twoRegions,
  "an alias by an Aspect": aliasByAspect,
  backends,
  partitions,
  "a serverless cache": serverlessCache,
};
