import { type Finding, ok } from "../finding";

/** First versions of Node.js that each CLI runs on, and the first it does not. docs/operations.md has the table. */
const CLIS: readonly { readonly name: string; readonly from: number; readonly before: number }[] = [
  // Its node-pty brings no binary for a later one: https://github.com/hashicorp/terraform-cdk, archived.
  { name: "cdktf-cli 0.21", from: 20, before: 24 },
  // package.json: engines >=22.19.0.
  { name: "cdktn-cli 0.24", from: 22, before: Number.POSITIVE_INFINITY },
];

/** Which CLIs of CDKTF run on this Node.js; none is needed. */
export function checkClis(node = process.versions.node): Finding {
  const major = Number(node.split(".")[0]);
  const running = CLIS.filter(({ from, before }) => from <= major && major < before).map(({ name }) => name);
  return ok(
    "cdktf",
    `npm run deploy needs no CLI; on Node.js ${major}, people who want one take ${running.join(" or ")}`,
  );
}
