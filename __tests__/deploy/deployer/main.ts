import { VARIANTS } from "../variants";
import { policiesFor, writePolicies } from "./policy";
import { keptVariants, readNeeds } from "./recorded";

/** npm run deployer: writes docs/deployer from what npm run verify -- --all has recorded. */
for (const stack of new Set(VARIANTS.map((variant) => variant.stack))) {
  const variants = keptVariants(stack);
  if (variants.length === 0) {
    process.stderr.write(`${stack}: no run is recorded. npm run verify -- --all records all\n`);
    process.exitCode = 1;
    continue;
  }
  const policies = policiesFor(readNeeds(variants));
  const names = variants.map(({ name }) => name);
  writePolicies(stack, { policies, variants: names });
  process.stdout.write(`${stack}: ${policies.length} policies, of ${names.join(", ")}\n`);
}
