/**
 * Ends the process with one line where its Node.js is not one that package.json's `engines` allow. Each npm script, jest.config.js
 * and the command in cdktf.json load this file before anything else. Its JavaScript is old, so that an old Node.js reads it.
 */
const engines = require("../../package.json").engines.node;

const parts = process.versions.node.split(".").map(Number);
const own = parts[0] * 1000 + parts[1];

/** Takes `^20.19.0` and `>=24`, the two forms that `engines` has. */
function isIn(range) {
  const found = /^(\^|>=)(\d+)(?:\.(\d+))?/.exec(range.trim());
  const lowest = Number(found[2]) * 1000 + Number(found[3] || 0);
  return own >= lowest && (found[1] === ">=" || parts[0] === Number(found[2]));
}

if (!engines.split("||").some(isIn)) {
  const fix = "install Node.js 24 from https://nodejs.org/en/download";
  process.stderr.write(`Node.js: got ${process.versions.node}, allowed: ${engines}. Fix: ${fix}.\n`);
  process.exit(2);
}
