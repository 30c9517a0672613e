import { existsSync } from "node:fs";
import { UserError } from "../../environment/user-error";
import { main, SETTINGS_OPTION } from "../machine/command";
import { showWhile } from "../machine/progress";
import { IS_REPOSITORY } from "../machine/root";
import { examineAddress } from "./examine-address";
import { examineFolder } from "./examine-folder";
import { examineTools } from "./examine-tools";
import { asJson, asText, countByStatus } from "./report";

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new UserError(`--url: got ${text}, takes an address, as in https://app.example.com`);
}

/** Whether an operand is a folder or a file. In the package, it can be nothing else. */
function isSource(operand: string): boolean {
  return !IS_REPOSITORY || existsSync(operand);
}

const FOLDER_SAYS = "the folder of a deployed stack, or its cdk.tf.json; its Terraform state is read";

void main({
  name: "doctor",
  says:
    "Looks at this machine and the account it deploys to; with a stack or --url, at what is deployed, as a visitor\n" +
    "without an account sees it. Changes nothing.",
  finds: "when something fails",
  operands: {
    usage: "[stack]",
    says: IS_REPOSITORY ? `one of this repository by name, or ${FOLDER_SAYS}` : FOLDER_SAYS,
    atMost: 1,
  },
  options: {
    url: { value: "<address>", says: "a deployed app by its address; nothing is asked of AWS" },
    settings: SETTINGS_OPTION,
    login: { value: "<name>", says: "log in by the demo login, look at the cookie, log out again" },
    json: { says: "for programs" },
  },
  async run([stack], { url, json, settings, login }) {
    if (stack !== undefined && url !== undefined) throw new UserError("got both of stack and --url, takes one of them");
    if (login !== undefined && stack === undefined && url === undefined) {
      throw new UserError("--login: got no stack and no --url to log in to");
    }
    if (url !== undefined && settings !== undefined) throw new UserError("--settings: got --url, which needs none");
    const options = { ...(login !== undefined && { login }) };
    const examine = () => {
      if (url !== undefined) return examineAddress(parseUrl(url), options);
      if (stack !== undefined && isSource(stack)) {
        if (settings !== undefined) throw new UserError(`--settings: got it for ${stack}, takes a stack's name`);
        return examineFolder(stack, options);
      }
      if (!IS_REPOSITORY) return examineTools();
      // It loads the constructs, which the package need not have beside it.
      const { examineMachine, examineStack }: typeof import("./examine") = require("./examine");
      return stack === undefined
        ? examineMachine(settings)
        : examineStack(stack, { ...options, settingsFile: settings });
    };
    const sections = await showWhile("looking", examine());
    process.stdout.write(json ? asJson(sections) : asText(sections));
    return countByStatus(sections).fail > 0 ? 1 : 0;
  },
});
