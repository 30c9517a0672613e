import { UserError } from "../environment/user-error";
import { SettingsError } from "../settings";

/** A KMS key is an ARN in the settings, and an object to a construct. */
export function toEncryptionKey<T extends { readonly kmsKeyArn?: string | undefined }>({ kmsKeyArn, ...rest }: T) {
  return { ...omitUndefined(rest), ...(kmsKeyArn !== undefined && { encryptionKey: { arn: kmsKeyArn } }) };
}

/** Puts the settings a construct is made from in front of its refusal: what to look at in cdktf.json. */
export function blameSettings<T>(keys: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof UserError) throw new SettingsError(`${keys}: ${error.message}`, { cause: error });
    throw error;
  }
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
