const { cpSync, mkdirSync, readdirSync } = require("node:fs");
const path = require("node:path");

/** Puts the bundles that the constructs deploy into the package, with their notices; source maps stay out. */
const FROM = path.join(__dirname, "..", "dist");
const TO = path.join(__dirname, "..", "..", "dist", "webapp", "dist");

mkdirSync(TO, { recursive: true });
for (const name of readdirSync(FROM).filter((file) => /-.*\.(js|txt)$/.test(file))) {
  cpSync(path.join(FROM, name), path.join(TO, name));
}
