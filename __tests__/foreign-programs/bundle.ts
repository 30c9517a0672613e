import path from "node:path";

/** A small file in place of a user's bundle: what it holds is no matter of a synthesis. */
export const BUNDLE = path.join(__dirname, "shop.js");
