import { INSTALL, isOnPath, run, TERRAFORM } from "../../machine/programs";
import { type Finding, fail, ok } from "../finding";

/** The first version with write-only arguments, which keep the secret key out of the state. Stacks require it too. */
const OLDEST = [1, 11] as const;

/** Checks that Terraform is on PATH and new enough for the stacks. */
export async function checkTerraform(): Promise<Finding> {
  if (!isOnPath("terraform")) return fail("terraform", "not found on PATH", `install it: ${INSTALL.terraform}`);
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  const { code, stdout, stderr } = await run(TERRAFORM, ["version", "-json"], { env });
  const version = /"terraform_version":\s*"([^"]+)"/.exec(stdout)?.[1];
  if (code !== 0 || version === undefined) {
    return fail("terraform", `does not run: ${stderr.trim().split("\n")[0]}`, `install it again: ${INSTALL.terraform}`);
  }
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  if (isNewEnough) return ok("terraform", version);
  return fail(
    "terraform",
    `${version}, takes ${OLDEST.join(".")} or later`,
    `install a newer one: ${INSTALL.terraform}`,
  );
}
