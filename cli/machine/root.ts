import path from "node:path";

/** The folder of this repository. */
export const ROOT = path.join(__dirname, "..", "..");
