import path from "node:path";
import { main } from "../../cli/machine/command";
import { installPackages } from "../../cli/machine/install-packages";
import { run } from "../../cli/machine/programs";
import { ROOT } from "../../cli/machine/root";

const TOOLS = path.join(__dirname, "node_modules");
const CRUISE = path.join(TOOLS, "dependency-cruiser", "bin", "dependency-cruise.mjs");
const KNIP = path.join(TOOLS, "knip", "bin", "knip.js");
const FOLDERS = ["modules", "webapp", "environment", "settings", "stacks", "cli", "docs/build", "bench"];

void main({
  name: "check",
  says: "Looks for imports that go against the layout (docs/design.md), and for unused files, exports and dependencies.",
  finds: "when there are some",
  options: {},
  async run() {
    installPackages(__dirname);
    for (const args of [[CRUISE, "--config", "__tests__/imports.cjs", "main.ts", ...FOLDERS], [KNIP]]) {
      const { code } = await run(process.execPath, args, { cwd: ROOT, isShown: true });
      if (code !== 0) return 1;
    }
    return 0;
  },
});
