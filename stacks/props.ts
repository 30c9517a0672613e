import { UserError } from "../environment/user-error";
import { ValidationError } from "../modules";
import { isSetting, SettingsError } from "../settings";

/** A KMS key is an ARN in the settings, and an object to a construct. */
export function toEncryptionKey<T extends { readonly kmsKeyArn?: string | undefined }>({ kmsKeyArn, ...rest }: T) {
  return { ...omitUndefined(rest), ...(kmsKeyArn !== undefined && { encryptionKey: { arn: kmsKeyArn } }) };
}

/** The networks of SSH have another name in the settings than in props. */
export function toSsh(ssh: { readonly keyName: string; readonly allowedCidrs?: readonly string[] | undefined } | null) {
  if (ssh === null) return {};
  return { ssh: { keyName: ssh.keyName, ...(ssh.allowedCidrs !== undefined && { cidrs: ssh.allowedCidrs }) } };
}

/** How props of a construct are called in the settings. */
export interface SettingNames {
  /** The setting whose keys have the names of the props; the settings themselves are "". */
  readonly base: string;
  /** Settings of other names, by prop. @default - none */
  readonly renamed?: Readonly<Record<string, string>>;
}

/**
 * Says a construct's refusal as one of a setting: what to look at in cdktf.json.
 *
 * @param keys - the settings the construct is made from, for a refusal that is about none of them.
 * @param names - how its props are called there.
 */
export function blameSettings<T>(keys: string, make: () => T, names?: SettingNames): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const setting =
      error instanceof ValidationError && names !== undefined ? findSetting(error.what, names) : undefined;
    const message =
      setting === undefined ? `${keys}: ${error.message}` : `${setting}: ${(error as ValidationError).details}`;
    throw new SettingsError(sayAsSettings(message), { cause: error });
  }
}

/** Props in the fixes of constructs that are settings of another name. */
const OTHER_NAMES = {
  namePrefix: 'the setting "name"',
  rulesPerSecurityGroup: 'the setting "securityGroupRules"',
  "Nat.SINGLE": 'the setting "nat"',
};

function sayAsSettings(message: string): string {
  return Object.entries(OTHER_NAMES).reduce((text, [prop, setting]) => text.replaceAll(prop, setting), message);
}

function findSetting(what: string, { base, renamed = {} }: SettingNames): string | undefined {
  const [prop = ""] = what.split(/[ ,:]/);
  const [first = "", ...rest] = prop.split(".");
  const other = renamed[prop] ?? renamed[first];
  if (other !== undefined) return other;
  const place = [...(base === "" ? [] : base.split(".")), first];
  return isSetting(place) ? [...place, ...rest].join(".") : undefined;
}

type Deep<T> = T extends readonly unknown[] | string | number | boolean | null ? T : Defined<T>;
type Defined<T> = { [K in keyof T]: Deep<Exclude<T[K], undefined>> };

/** A setting that is not there leaves the construct its own default. */
export function omitUndefined<T extends object>(settings: T): Defined<T> {
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isObject(value) ? omitUndefined(value) : value]),
  ) as never;
}
