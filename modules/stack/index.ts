import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { Aspects, type TerraformBackend, TerraformOutput, TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";
import { setRuleQuota } from "../connections";
import { setNamePrefix } from "../naming";
import {
  checkProps,
  NUMBER,
  objectOf,
  objectWith,
  type PropTypes,
  recordOf,
  required,
  TEXT,
  TEXT_AT_SYNTH,
  ValidationError,
} from "../validation";
import { takeYoungRegion } from "./known-regions";
import { lookUpPartition } from "./partition";
import { checkRegion } from "./region";
import { checkStackId, findSibling } from "./siblings";
import {
  buildStateFile,
  findBackend,
  keepInBucket,
  keepInFile,
  resolveBucket,
  STATE_BUCKET,
  type StateBucket,
} from "./state";

export type { ProviderProps } from "./provider";
export { useProvider } from "./provider";
export type { StateBucket };

/** Arguments of the stack's AWS provider, without its region and its default tags. */
export type ProviderSettings = Omit<AwsProviderConfig, "alias" | "region" | "defaultTags">;

/** Properties of a {@link SessionStack}. */
export interface SessionStackProps {
  /** Region of everything in the stack, of the partitions aws, aws-cn (China) and aws-us-gov (GovCloud). */
  readonly region: string;
  /** First part of every account-wide name and of the state's name. @default - the stack's id */
  readonly namePrefix?: string;
  /** Tags of every resource besides Name: the provider's `default_tags`. @default - only Stack */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Further arguments of the stack's AWS provider, as `assumeRole`, `ignoreTags`, `maxRetries`, `retryMode` and `profile`.
   * @default - none: the provider uses the credentials of the environment
   * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs#argument-reference
   */
  readonly providerSettings?: ProviderSettings;
  /**
   * The most rules of a security group in each direction, 1 to 1000: the account's quota L-0EA8095F. Set it if AWS has raised yours.
   * @default 60
   */
  readonly rulesPerSecurityGroup?: number;
  /** Folder of the state file, inside the app's folder and outside of the synthesis' output. @default "." */
  readonly stateFolder?: string;
  /**
   * Bucket for the state, in place of the file.
   * @default - the file `terraform.<name prefix>.tfstate`, unless the program adds a cdktf backend to the stack
   */
  readonly stateBucket?: StateBucket;
}

/** Types of the props of {@link SessionStackProps}. */
const SESSION_STACK_PROPS: PropTypes<SessionStackProps> = {
  region: required(TEXT),
  namePrefix: TEXT_AT_SYNTH,
  tags: recordOf(TEXT),
  providerSettings: objectWith("an object with arguments of the AWS provider", "write it in braces"),
  rulesPerSecurityGroup: NUMBER,
  stateFolder: TEXT_AT_SYNTH,
  stateBucket: objectOf(STATE_BUCKET),
};

/** The first version with write-only arguments, which keep the secret key out of the state together with ephemeral values. */
const TERRAFORM_VERSION = ">= 1.11.0";

/**
 * A stack with its AWS provider, tags and state, for one topology. To keep the state elsewhere, add a cdktf backend to it, as in
 * `new CloudBackend(stack, { ... })`.
 *
 * @throws when AWS has no such region, the number of rules is out of range, S3 does not accept the state bucket's name or prefix, the
 * program adds a backend beside the state bucket, or another stack of the app has the same id.
 */
export class SessionStack extends TerraformStack {
  readonly #stateFile: string | undefined;
  readonly #stateBucket: StateBucket | undefined;
  readonly #createBackend: () => TerraformBackend;
  #ownBackend: TerraformBackend | undefined;

  constructor(scope: Construct, id: string, props: SessionStackProps) {
    super(scope, id);
    checkProps(this, props, SESSION_STACK_PROPS);
    const { region, namePrefix = id, tags, stateBucket, stateFolder = ".", rulesPerSecurityGroup } = props;
    checkStackId(this);
    checkRegion(this, region);
    if (rulesPerSecurityGroup !== undefined) setRuleQuota(this, rulesPerSecurityGroup);
    setNamePrefix(this, namePrefix);
    // cdktn refuses write-only arguments without this context. cdktf does not read it.
    this.node.setContext("targetVersions", { terraform: TERRAFORM_VERSION.replace(" ", "") });
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    const defaultTags = [{ tags: { ...tags, Stack: id } }];
    const provider = new AwsProvider(this, "aws", {
      ...takeYoungRegion(region),
      ...props.providerSettings,
      region,
      defaultTags,
    });
    if (Token.isUnresolved(region)) lookUpPartition(provider);

    this.#stateBucket = stateBucket;
    if (stateBucket === undefined) {
      this.#stateFile = buildStateFile(stateFolder, namePrefix);
      this.#createBackend = () => keepInFile(this, stateFolder, namePrefix);
    } else {
      const state = resolveBucket(this, region, namePrefix, stateBucket);
      this.#createBackend = () => keepInBucket(this, state);
    }
    this.node.addValidation({ validate: () => checkStateFile(this) });
    // An Aspect runs at the end of the program. Until then, the program can add a backend of its own.
    Aspects.of(this).add({ visit: (node) => node === this && this.ensureBackendExists() });
  }

  /** Path of the state file from the app's folder; undefined for a bucket or another backend. */
  get stateFile(): string | undefined {
    return findBackend(this) === this.#ownBackend ? this.#stateFile : undefined;
  }

  /**
   * Returns the backend that the program added to the stack. Without one, adds the backend of `stateBucket` or `stateFolder`.
   *
   * @throws when the program added a backend beside `stateBucket`.
   */
  override ensureBackendExists(): TerraformBackend {
    const backend = findBackend(this);
    if (backend === undefined) {
      this.#ownBackend = this.#createBackend();
      return this.#ownBackend;
    }
    if (backend === this.#ownBackend || this.#stateBucket === undefined) return backend;
    throw new ValidationError(this, {
      what: "stateBucket",
      got: `${this.#stateBucket.name} beside a ${backend.constructor.name}`,
      allowed: "one place for the state",
      fix: "leave out stateBucket or the backend",
    });
  }

  /** Adds an output, which `terraform output` shows after an apply. */
  output(name: string, description: string, value: string): void {
    new TerraformOutput(this, name, { description, value, staticId: true });
  }
}

function checkStateFile(stack: SessionStack): string[] {
  const { stateFile } = stack;
  const twin = findSibling(
    stack,
    (other) => stateFile !== undefined && other instanceof SessionStack && other.stateFile === stateFile,
  );
  if (twin === undefined) return [];
  const { message } = new ValidationError(stack, {
    what: "namePrefix",
    got: `${stateFile}, the state file of the stack ${twin.node.path} too`,
    allowed: "a state file for each stack: Terraform would destroy in one stack what it creates in the other",
    fix: "give one of the two another namePrefix or stateFolder",
  });
  return [message];
}
