/** A stack's JSON for a snapshot test: objects, lists and plain values. */
export type Snapshot = { readonly [key: string]: unknown };

/** Hashes that this package's constructs write: SHA-256 in hexadecimal digits, and cdktf's own of an asset's folder. */
const HEX_HASH = /\b([0-9a-f]{64}|[0-9A-F]{32})\b/g;
/** SHA-256 in base64, as Lambda takes it. */
const BASE64_HASH = /^[A-Za-z0-9+/]{43}=$/;
/** The public images of the constructs, whose versions a release of this package may raise. */
const PUBLIC_IMAGE = /^(public\.ecr\.aws\/(?:aws-cli\/aws-cli|docker\/library\/node)):[\w.-]+$/;

/**
 * A synthesized stack in a form for snapshot tests: readable, and the same until your program or a setting changes.
 *
 * - cdktf's metadata (`//`) is left out, with construct paths and the version of cdktf.
 * - Policies, container definitions and dashboards, which Terraform takes as text, become objects.
 * - Hashes of bundles, versions of the public images and texts of several lines (user data and scripts) become placeholders: a
 *   release of this package changes them, your program does not.
 *
 * @param synthesized - what `Testing.synth(stack)` of cdktf returns, or the text of `cdk.tf.json`.
 * @throws {SyntaxError} when the text is not JSON.
 */
export function toSnapshot(synthesized: string): Snapshot {
  return simplify(JSON.parse(synthesized)) as Snapshot;
}

function simplify(value: unknown): unknown {
  if (typeof value === "string") return simplifyText(value);
  if (Array.isArray(value)) return value.map(simplify);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => key !== "//");
  return Object.fromEntries(entries.map(([key, inner]) => [key.replace(HEX_HASH, "<hash>"), simplify(inner)]));
}

function simplifyText(text: string): unknown {
  const json = parseJson(text);
  if (json !== undefined) return simplify(json);
  if (text.includes("\n")) return "<text of several lines>";
  if (BASE64_HASH.test(text)) return "<hash>";
  return text.replace(PUBLIC_IMAGE, "$1:<version>").replace(HEX_HASH, "<hash>");
}

/** An object or a list that a text holds. */
function parseJson(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
