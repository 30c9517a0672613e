import path from "node:path";
import { readProgram } from "./code-cache.js";

/**
 * The last step of a build: runs the bundle's command that does the least, so that V8 compiles what every start runs, and
 * keeps that beside the bundle.
 */
const program = readProgram(path.join(import.meta.dirname, "dist", "session-app.js"));
process.argv.splice(2, process.argv.length, "inspect", "--help");
process.once("exit", () => program.keep());
program.run();
