/** A field in which an account's answer is not the local AWS'. */
export interface Difference {
  /** Address of the resource. */
  readonly address: string;
  /** Path of the attribute; "" where one side alone has the resource. */
  readonly attribute: string;
  /** Undefined where that side has none. */
  readonly account: string | undefined;
  readonly local: string | undefined;
}

interface StateResource {
  readonly address: string;
  readonly values: unknown;
  /** `true` in the place of each sensitive value. */
  readonly sensitive_values?: unknown;
}

/** Texts that differ from one deployment to the next, on the local AWS too. In this order. */
const IDS: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<uuid>"],
  // Names by a prefix: https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/id/id.go
  [/20\d{16}[0-9a-f]{8}/g, "<unique>"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, "<time>"],
  [/\b(\d{1,3}\.){3}\d{1,3}\b(?!\/)/g, "<address>"],
  [/\bip-\d+-\d+-\d+-\d+\b/g, "<host>"],
  [/\bec2-\d+-\d+-\d+-\d+\b/g, "<host>"],
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
  [/\b([a-z]+(?:-[a-z]+)*)-[0-9a-f]{8}(?:[0-9a-f]{9})?\b/g, "$1-<id>"],
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html: six characters behind the name.
  [/(:secret:[\w/+=.@-]+)-\w{6}\b/g, "$1-<id>"],
  [/\b[\w-]+(\.execute-api\.)/g, "<id>$1"],
  [/-\d{6,10}(\.[a-z0-9-]+\.elb\.)/g, "-<id>$1"],
  [/\.\w{6}((?:\.ng\.\d{4}|\.\d{4}|\.cfg|\.clustercfg)?\.\w+\.cache\.amazonaws)/g, ".<id>$1"],
  [/\b(AROA|AIDA|AIPA|ANPA)[A-Z0-9]{12,}\b/g, "$1<id>"],
  [/\b(?=[a-z0-9]*\d)[a-z0-9]{10}\b/g, "<id>"],
  [/\b(?=[\w/+]*\d)[\w/+]{28,}={0,2}/g, "<hash>"],
];

/**
 * Compares what Terraform's provider made of the answers, field by field. Sensitive values and ids are taken out on both
 * sides first; the order in lists counts for nothing, since the provider orders sets by the hash of their ids.
 *
 * @param account - `terraform show -json` of an account; `local` of the local AWS.
 */
export function compareStates(account: string, local: string): Difference[] {
  const [there, here] = [readFields(account), readFields(local)];
  const differences: Difference[] = [];
  for (const address of [...new Set([...there.keys(), ...here.keys()])].sort()) {
    const [one, other] = [there.get(address), here.get(address)];
    if (one === undefined || other === undefined) {
      const side = (fields: unknown) => (fields === undefined ? undefined : "there");
      differences.push({ address, attribute: "", account: side(one), local: side(other) });
      continue;
    }
    for (const attribute of [...new Set([...one.keys(), ...other.keys()])].sort()) {
      if (one.get(attribute) === other.get(attribute)) continue;
      differences.push({ address, attribute, account: one.get(attribute), local: other.get(attribute) });
    }
  }
  return differences;
}

/** How many fields are compared. */
export function countFields(state: string): number {
  return [...readFields(state).values()].reduce((sum, fields) => sum + fields.size, 0);
}

/** Fields of each resource and data source, by address. */
function readFields(json: string): Map<string, Map<string, string>> {
  const { values } = JSON.parse(json);
  const resources: StateResource[] = values?.root_module?.resources ?? [];
  return new Map(
    resources.map(({ address, values: attributes, sensitive_values }) => {
      const fields = new Map<string, string>();
      collect(withoutSecrets(attributes, sensitive_values), "", fields);
      return [address, fields];
    }),
  );
}

type Tree = { readonly [name: string]: unknown };
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

function withoutSecrets(value: unknown, sensitive: unknown): unknown {
  if (sensitive === true) return "<sensitive>";
  if (Array.isArray(value)) {
    const places = Array.isArray(sensitive) ? sensitive : [];
    const items = value.map((item, index) => withoutSecrets(item, places[index]));
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (isTree(value)) {
    const places = isTree(sensitive) ? sensitive : {};
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner, places[name])]),
    );
  }
  return typeof value === "string" ? withoutIds(value) : value;
}

/** Text without account numbers, ids, addresses, times and hashes. */
export function withoutIds(text: string): string {
  // An account's number, in ARNs and by itself; not the digits of a longer number.
  const anonymous = text.replaceAll(/(?<!\d)\d{12}(?!\d)/g, "<account>");
  return IDS.reduce((rest, [pattern, stands]) => rest.replaceAll(pattern, stands), anonymous);
}

/** null, "", [] and {} are all nothing: Terraform's provider writes one or another. */
function collect(value: unknown, place: string, fields: Map<string, string>): void {
  if (value === null || value === "") return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, `${place}[${index}]`, fields);
  } else if (isTree(value)) {
    for (const [name, inner] of Object.entries(value)) collect(inner, place === "" ? name : `${place}.${name}`, fields);
  } else fields.set(place, String(value));
}
