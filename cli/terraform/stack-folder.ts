import path from "node:path";
import { chooseOutdir, type Settings } from "../../settings";
import { ROOT } from "../machine/root";

/** The folder into which commands synthesize a stack: a Terraform root module. */
export function chooseStackFolder(id: string, settings: Settings): string {
  return path.resolve(ROOT, chooseOutdir(settings, ROOT, process.env.CDKTF_OUTDIR), "stacks", id);
}
