import path from "node:path";
import { readProgram } from "./code-cache";

/** `node start.js`, with the arguments of `node session-app.js` beside it: the same program, compiled when it was built. */
readProgram(path.join(__dirname, "session-app.js")).run();
