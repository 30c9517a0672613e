import { inspect } from "./cli/inspect";
import { serve } from "./server";

/**
 * The app's one file, as it is deployed: without arguments the server, with "inspect" the command for people. Imported
 * as usual, since esbuild would wrap all that both share for an `import()` here, and the server start later for it.
 */
const [command, ...args] = process.argv.slice(2);

if (command === undefined) serve();
else if (command === "inspect") inspect(args);
else {
  process.stderr.write(`session-app: got ${JSON.stringify(command)}, takes "inspect" or no argument at all\n`);
  process.exitCode = 1;
}
