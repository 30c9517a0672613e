import type { Value } from "../terraform/configuration";
import { UnreadableError } from "../terraform/read-configuration";

interface Synthesized {
  readonly "//"?: { readonly metadata?: { readonly stackName?: string } };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Value>>>>>>;
}

/** cdktf's resource names: the path's parts and a hash. */
const OF_CDKTF = /^[a-z0-9_]+\.([^._]+)_(?:.*_)?[0-9A-F]{8}$/;
const OF_MODULE = /^((?:module\.[^[.]+(?:\[[^\]]*\])?\.?)+)\.(.+)$/;

/** What people call a resource: its construct path where a synthesized stack tells it, else its address. */
export class Names {
  readonly stack: string | undefined;
  readonly #paths: ReadonlyMap<string, string>;

  /**
   * @param synthesized contents of `cdk.tf.json`, the newest first: what one no longer has, an older one may know
   * @throws {UnreadableError} when one is no JSON
   */
  constructor(...synthesized: readonly string[]) {
    const stacks = synthesized.map(parsed);
    this.stack = stacks[0]?.["//"]?.metadata?.stackName;
    this.#paths = new Map(stacks.reverse().flatMap(pathsIn));
  }

  of(address: string): string {
    return this.#paths.get(withoutIndex(address)) ?? address;
  }

  /** The module of ours, or of Terraform's, that a resource belongs to, and its name in there. */
  split(address: string): readonly [module: string, name: string] {
    const path = this.#paths.get(withoutIndex(address));
    if (path !== undefined) {
      const [module = path, ...rest] = path.split("/");
      return [module, rest.length === 0 ? module : rest.join("/")];
    }
    const [, module, name] = OF_MODULE.exec(address) ?? [];
    if (module !== undefined && name !== undefined) return [module, name];
    return [OF_CDKTF.exec(address)?.[1] ?? "root module", address];
  }
}

function parsed(json: string): Synthesized {
  try {
    return JSON.parse(json) as Synthesized;
  } catch (error) {
    throw new UnreadableError(`got a stack that is no JSON (${(error as Error).message})`);
  }
}

function pathsIn({ resource = {} }: Synthesized): [string, string][] {
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, values]): [string, string][] => {
      const { metadata } = (values["//"] ?? {}) as { readonly metadata?: { readonly path?: string } };
      // The first part is the stack, which is the same for all.
      const path = metadata?.path?.split("/").slice(1).join("/");
      return path ? [[`${type}.${name}`, path]] : [];
    }),
  );
}

function withoutIndex(address: string): string {
  return address.replaceAll(/\[[^\]]*\]/g, "");
}
