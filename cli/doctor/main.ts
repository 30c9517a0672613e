import { Command, InvalidArgumentError } from "commander";
import { SETTINGS_OPTION } from "../terraform/synthesize";
import { examineAddress, examineMachine, examineStack } from "./examine";
import { asJson, asText, countOf } from "./report";
import type { SiteOptions } from "./site";

interface Options extends SiteOptions {
  readonly url?: URL;
  readonly settings?: string;
  readonly json?: true;
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgumentError("It takes an address, as in https://app.example.com.");
}

const program = new Command("npm run doctor --")
  .description(
    "Looks at this machine and the account it deploys to; with a stack or --url, at what is deployed, as a visitor\n" +
      "without account sees it. Changes nothing. Ends with 0, or with 1 when something fails.",
  )
  .argument("[stack]", "a deployed stack, found by its Terraform state")
  .option("--url <address>", "a deployed app by its address; nothing is asked of AWS", parseUrl)
  .option(...SETTINGS_OPTION)
  .option("--login <name>", "log in by the demo login, look at the cookie, log out again")
  .option("--json", "for programs")
  .showSuggestionAfterError()
  .action(async (stack: string | undefined, { url, json, settings, ...options }: Options) => {
    if (stack !== undefined && url !== undefined)
      program.error("error: got both of stack and --url, takes one of them");
    if (options.login !== undefined && stack === undefined && url === undefined) {
      program.error("error: --login: got no stack and no --url to log in to");
    }
    if (url !== undefined && settings !== undefined) program.error("error: --settings: got --url, which needs none");
    const sections = await (url !== undefined
      ? examineAddress(url, options)
      : stack !== undefined
        ? examineStack(stack, { ...options, settingsFile: settings })
        : examineMachine(settings));
    process.stdout.write(json ? asJson(sections) : asText(sections));
    if (countOf(sections).fail > 0) process.exitCode = 1;
  });

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`doctor: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
