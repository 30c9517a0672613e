import path from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { setNamePrefix } from "../naming";

export interface SessionStackProps {
  /** AWS region everything stands in. */
  readonly region: string;
  /** First part of every account-wide name. @default - the stack's id */
  readonly namePrefix?: string;
  /** Tags of every resource, beside Name. @default - Stack alone */
  readonly tags?: Readonly<Record<string, string>>;
  /** Folder of the state file; inside the app's folder and outside of what synthesis writes. @default "." */
  readonly stateFolder?: string;
}

/** Write-only arguments and ephemeral values, which keep the secret key out of the state, came with this version. */
const TERRAFORM_VERSION = ">= 1.11.0";

/** A stack with its AWS provider, its tags and its state: one topology goes into one. */
export class SessionStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: SessionStackProps) {
    super(scope, id);
    setNamePrefix(this, props.namePrefix ?? id);
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    new AwsProvider(this, "aws", { region: props.region, defaultTags: [{ tags: { ...props.tags, Stack: id } }] });
    // Terraform reads the path from the stack's own folder: relative, so that the JSON is the same on every machine,
    // and outside of the output, which may be deleted at any time.
    const stackFolder = path.join(App.of(this).outdir, "stacks", id);
    const stateFolder = path.relative(stackFolder, props.stateFolder ?? ".");
    new LocalBackend(this, { path: path.posix.join(toPosix(stateFolder), `terraform.${id}.tfstate`) });
  }

  /** What `terraform output` shows after an apply. */
  output(name: string, description: string, value: string): void {
    new TerraformOutput(this, name, { description, value, staticId: true });
  }
}

function toPosix(folder: string): string {
  return folder.split(path.sep).join("/");
}
