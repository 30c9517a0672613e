import { UserError } from "../../environment/user-error";
import { main } from "../machine/command";
import { IS_REPOSITORY } from "../machine/root";
import { readStackOrSource, STACK_OR_SOURCE_SAYS } from "../terraform/read-stack-or-source";
import { picture } from "./pages";
import { writePages } from "./write-pages";

const PAGES_SAY = "Without a source: into docs/diagrams and the pages that show them.";

void main({
  name: "diagrams",
  says: `Draws a stack in Mermaid.${IS_REPOSITORY ? ` ${PAGES_SAY}` : ""}`,
  operands: { usage: IS_REPOSITORY ? "[source]" : "<source>", says: STACK_OR_SOURCE_SAYS, atMost: 1 },
  options: { json: { says: "the picture as a text in JSON" } },
  async run([source], { json }) {
    if (source !== undefined) {
      const mermaid = await readStackOrSource(source, picture);
      process.stdout.write(`${json ? JSON.stringify({ source, mermaid }, undefined, 2) : mermaid}\n`);
    } else if (IS_REPOSITORY && !json) await writePages();
    else throw new UserError(`source: got nothing, takes ${STACK_OR_SOURCE_SAYS}`);
  },
});
