import { readConfiguration } from "../terraform/read-configuration";

/** cdktf's resource names: the path's parts and a hash. */
const OF_CDKTF = /^[a-z0-9_]+\.([^._]+)_(?:.*_)?[0-9A-F]{8}$/;
const OF_MODULE = /^((?:module\.[^[.]+(?:\[[^\]]*\])?\.?)+)\.(.+)$/;

/** What people call a resource: its construct path where a synthesized stack tells it, else its address. */
export class Names {
  readonly stack: string | undefined;
  readonly #paths: ReadonlyMap<string, string>;

  /**
   * @param synthesized contents of `cdk.tf.json`, the newest first: what one no longer has, an older one may know
   * @throws {UserError} when one is no JSON
   */
  constructor(...synthesized: readonly string[]) {
    const stacks = synthesized.map(readConfiguration);
    this.stack = stacks[0]?.name;
    const named = stacks.reverse().flatMap(({ resources }) => resources);
    this.#paths = new Map(named.flatMap(({ address, path }) => (path === undefined ? [] : [[address, path]])));
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

function withoutIndex(address: string): string {
  return address.replaceAll(/\[[^\]]*\]/g, "");
}
