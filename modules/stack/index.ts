import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { setRuleQuota } from "../connections";
import { setNamePrefix } from "../naming";
import { checkRegion } from "./region";
import { keepInBucket, keepInFile, type StateBucket } from "./state";

export type { StateBucket };

/** Properties of a {@link SessionStack}. */
export interface SessionStackProps {
  /** AWS region everything stands in. */
  readonly region: string;
  /** First part of every account-wide name, and what the state is named by. @default - the stack's id */
  readonly namePrefix?: string;
  /** Tags of every resource, beside Name. @default - Stack alone */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Rules a security group of the account takes in each direction, 1 to 1000: the quota L-0EA8095F, where AWS has raised it.
   * @default 60
   */
  readonly rulesPerSecurityGroup?: number;
  /** Folder of the state file; inside the app's folder and outside of what synthesis writes. @default "." */
  readonly stateFolder?: string;
  /** Where the state is kept, in place of the file. @default - in the file `terraform.<name prefix>.tfstate` */
  readonly stateBucket?: StateBucket;
}

/** Write-only arguments and ephemeral values, which keep the secret key out of the state, came with this version. */
const TERRAFORM_VERSION = ">= 1.11.0";

/**
 * A stack with its AWS provider, its tags and its state: one topology goes into one.
 *
 * @throws when the region is none of AWS, the number of rules is out of range, or the state bucket's name or prefix are none
 * S3 takes.
 */
export class SessionStack extends TerraformStack {
  /** Where Terraform will keep the state, from the app's folder; undefined where that is a bucket. */
  readonly stateFile: string | undefined;

  constructor(scope: Construct, id: string, props: SessionStackProps) {
    super(scope, id);
    const { region, namePrefix = id, tags, stateBucket, rulesPerSecurityGroup } = props;
    checkRegion(this, region);
    if (rulesPerSecurityGroup !== undefined) setRuleQuota(this, rulesPerSecurityGroup);
    setNamePrefix(this, namePrefix);
    // cdktn refuses write-only arguments unless the stack says so; cdktf does not read it.
    this.node.setContext("targetVersions", { terraform: TERRAFORM_VERSION.replace(" ", "") });
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: { ...tags, Stack: id } }] });
    if (stateBucket === undefined) this.stateFile = keepInFile(this, props.stateFolder ?? ".", namePrefix);
    else keepInBucket(this, region, namePrefix, stateBucket);
  }

  /** What `terraform output` shows after an apply. */
  output(name: string, description: string, value: string): void {
    new TerraformOutput(this, name, { description, value, staticId: true });
  }
}
