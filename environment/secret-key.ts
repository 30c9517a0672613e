import type { Complaints } from "./read";
import type { Variables } from "./variables";

/** Where the keys that sign forms come from. */
export type SecretKeySource =
  | { readonly kind: "keys"; readonly keys: readonly [string, ...string[]] }
  | { readonly kind: "secret"; readonly arn: string }
  /** None given: the app makes one up and says so. */
  | { readonly kind: "random" };

const NAMES = ["SECRET_KEY", "SECRET_KEY_ARN"];

/** SECRET_KEY or SECRET_KEY_ARN as one source. */
export function secretKeyFrom(v: Variables, production: boolean, complaints: Complaints): SecretKeySource {
  if (v.SECRET_KEY !== undefined && v.SECRET_KEY_ARN !== undefined) {
    complaints.about("SECRET_KEY_ARN", "got a value beside SECRET_KEY, takes one of the two");
  }
  if (v.SECRET_KEY_ARN !== undefined) return { kind: "secret", arn: v.SECRET_KEY_ARN };
  if (v.SECRET_KEY !== undefined) {
    const [newest = "", ...older] = v.SECRET_KEY.split(",").map((key) => key.trim());
    return { kind: "keys", keys: [newest, ...older] };
  }
  if (production && !complaints.areAbout(NAMES)) {
    complaints.about("SECRET_KEY", "got nothing, takes a key (or SECRET_KEY_ARN) when NODE_ENV=production");
  }
  return { kind: "random" };
}
