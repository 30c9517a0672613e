import path from "node:path";

/** A small file in place of a user's bundle. A synthesis does not read its content. */
export const BUNDLE = path.join(__dirname, "shop.js");
