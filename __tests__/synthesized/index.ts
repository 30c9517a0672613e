import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, TerraformStack, Testing } from "cdktf";

type Json = Record<string, unknown>;

/** A resource or data block as written in the synthesized JSON. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads arbitrary depths of JSON and fails when a step is missing
export type Block = Record<string, any>;

/** A synthesized stack, to be read by type and construct path rather than by position. */
export class Synthesized {
  readonly json: {
    resource?: Record<string, Record<string, Block>>;
    data?: Record<string, Record<string, Block>>;
    locals?: Record<string, string>;
    output?: Record<string, Block>;
    terraform: Block;
    provider?: Record<string, Block[]>;
    ephemeral?: Record<string, Record<string, Block>>;
    moved?: readonly { readonly from: string }[];
  };

  constructor(readonly text: string) {
    this.json = JSON.parse(text);
  }

  /** All resources of a type, by Terraform address (without the type). */
  all(type: string): Record<string, Block> {
    return this.json.resource?.[type] ?? {};
  }

  /** The one resource of a type; fails when there is none or more than one. */
  the(type: string): Block {
    const found = Object.values(this.all(type));
    if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
    return found[0] as Block;
  }

  /** The resource of a type whose address contains `part`; fails when not exactly one does. */
  at(type: string, part: string): Block {
    const found = Object.entries(this.all(type)).filter(([address]) => address.includes(part));
    if (found.length !== 1) {
      throw new Error(`expected one ${type} at *${part}*, found ${found.map(([a]) => a).join(", ") || "none"}`);
    }
    return (found[0] as [string, Block])[1];
  }

  /** How many resources of each type there are, for a snapshot a person can read. */
  counts(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.json.resource ?? {})
        .map(([type, blocks]): [string, number] => [type, Object.keys(blocks).length])
        .sort(([a], [b]) => a.localeCompare(b)),
    );
  }

  /** Resources without cdktf's `//` metadata, for snapshots. */
  resources(): Record<string, Record<string, Json>> {
    return withoutMetadata(this.json.resource ?? {}) as Record<string, Record<string, Json>>;
  }
}

function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, inner]) => [key, withoutMetadata(inner)]),
  );
}

/** cdktf makes a folder for each app: one for all of a test file, gone with it. */
const outdir = mkdtempSync(path.join(os.tmpdir(), "cdktf-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Synthesizes what `build` puts into a stack, named `session-test` unless told, with an AWS provider in ap-northeast-1. */
export function synthesize(build: (stack: TerraformStack) => void, stackId = "session-test"): Synthesized {
  const app: App = Testing.app({ outdir });
  const stack = new TerraformStack(app, stackId);
  new AwsProvider(stack, "aws", { region: "ap-northeast-1" });
  build(stack);
  return new Synthesized(Testing.synth(stack, true));
}

/** A function that synthesizes what `build` adds to a stack; once for the same props, and once without props. */
export function synthesizer<P extends object>(
  build: (stack: TerraformStack, props: Partial<P>) => unknown,
): (props?: Partial<P>) => Synthesized {
  const made = new Map<Partial<P>, Synthesized>();
  const none: Partial<P> = {};
  return (props = none) => {
    const stack = made.get(props) ?? synthesize((stack) => void build(stack, props));
    made.set(props, stack);
    return stack;
  };
}
