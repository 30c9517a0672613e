import path from "node:path";
import { chooseOutdir, type Settings } from "../../settings";
import { ROOT } from "../machine/root";

/** The folder of a stack as commands synthesize it: a Terraform root by itself. */
export function chooseStackFolder(id: string, settings: Settings): string {
  return path.resolve(ROOT, chooseOutdir(settings, ROOT, process.env.CDKTF_OUTDIR), "stacks", id);
}
