import os from "node:os";
import path from "node:path";
import { requireReady } from "../../../cli/machine/require-ready";
import { type Recorded, recordedPrograms } from "../../programs/recorded";

const own = { ...process.env };
let recorded: Recorded;
beforeEach(() => {
  recorded = recordedPrograms({ terraform: "exit 1", aws: "exit 1" });
  for (const name of Object.keys(process.env)) if (/^(AWS|CDKTF)_/.test(name)) delete process.env[name];
  const none = path.join(os.tmpdir(), "none");
  Object.assign(process.env, {
    PATH: recorded.path,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "hush",
    AWS_CONFIG_FILE: none,
    AWS_SHARED_CREDENTIALS_FILE: none,
    AWS_EC2_METADATA_DISABLED: "true",
  });
});
afterEach(() => {
  process.env = { ...own };
  recorded.remove();
});

describe("before a plan or a deploy", () => {
  it("all is looked at, and nothing is run", async () => {
    await requireReady({ stack: "session-ec2" }, "terraform", "aws");
    expect(recorded.calls()).toEqual([]);
  });

  it.each<{ what: string; stack?: string; settingsFile?: string; variables?: object; says: RegExp }>([
    {
      what: "no such stack",
      stack: "session-ec9",
      says: /^stack: got session-ec9, takes session-ec2, session-ecs, session-lambda$/,
    },
    {
      what: "a broken setting",
      variables: { CDKTF_CONTEXT_JSON: '{"nat":"both"}' },
      says: /^nat: got "both", takes "none" or "single" or "per-zone"$/,
    },
    {
      what: "an unknown setting",
      variables: { CDKTF_CONTEXT_JSON: '{"regoin":"x"}' },
      says: /^regoin: got a key that is no setting, takes name, region, tags, .*, lambda$/,
    },
    {
      what: "no file of settings",
      settingsFile: "no-such.json",
      says: /^no-such\.json: got no such file, takes a JSON file of settings, as \{"name": "prod"\}$/,
    },
    {
      what: "no Terraform",
      variables: { PATH: os.tmpdir() },
      says: /^terraform: not found on PATH; to install it: https:\/\/developer\.hashicorp\.com\/\S+$/,
    },
    {
      what: "no credentials",
      variables: { AWS_ACCESS_KEY_ID: "" },
      says: /^credentials: none found for AWS \(.*\); log in .*AWS_PROFILE.*$/,
    },
  ])("it says in one line what to do about $what", async ({ stack = "session-ec2", settingsFile, variables, says }) => {
    Object.assign(process.env, variables);
    await expect(requireReady({ stack, settingsFile }, "terraform", "aws")).rejects.toThrow(says);
  });
});
