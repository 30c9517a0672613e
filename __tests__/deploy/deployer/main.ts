import { main } from "../../../cli/machine/command";
import { UserError } from "../../../environment";
import { VARIANTS } from "../variants";
import { policiesFor, writePolicies } from "./policy";
import { keptVariants, readNeeds } from "./recorded";

void main({
  name: "deployer",
  says: "Writes docs/deployer, the policies of who deploys, from what npm run verify -- --all has recorded.",
  options: {},
  run() {
    const missing: string[] = [];
    for (const stack of new Set(VARIANTS.map((variant) => variant.stack))) {
      const variants = keptVariants(stack);
      if (variants.length === 0) {
        missing.push(stack);
        continue;
      }
      const policies = policiesFor(readNeeds(variants));
      const names = variants.map(({ name }) => name);
      writePolicies(stack, { policies, variants: names });
      process.stdout.write(`${stack}: ${policies.length} policies, of ${names.join(", ")}\n`);
    }
    if (missing.length > 0) {
      throw new UserError(`${missing.join(", ")}: no run is recorded. npm run verify -- --all records all`);
    }
  },
});
