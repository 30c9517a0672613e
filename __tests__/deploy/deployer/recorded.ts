import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { VARIANTS, type Variant } from "../variants";
import type { Need } from "./needs";

/** Where verify leaves what each variant's run asked IAM for. */
const FOLDER = path.join(__dirname, "..", "..", "..", "cdktf.out", "verify", "deployer");

type Named = Pick<Variant, "stack" | "name">;

function findFile({ stack, name }: Named): string {
  return path.join(FOLDER, `${stack}-${name}.json`);
}

/** Keeps what a run asked for, over what the run before did. */
export function keepNeeds(variant: Named, needs: readonly Need[]): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(findFile(variant), `${JSON.stringify(needs)}\n`);
}

/** The variants of a stack whose needs are kept. */
export function keptVariants(stack: string): readonly Variant[] {
  return VARIANTS.filter((variant) => variant.stack === stack && existsSync(findFile(variant)));
}

/** The needs of these variants. */
export function readNeeds(variants: readonly Named[]): Need[] {
  return variants.flatMap((variant): Need[] => JSON.parse(readFileSync(findFile(variant), "utf8")));
}
