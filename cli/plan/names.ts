import { readConfiguration } from "../terraform/read-configuration";

/** cdktf's resource names: the path's parts and a hash. */
const OF_CDKTF = /^[a-z0-9_]+\.([^._]+)_(?:.*_)?[0-9A-F]{8}$/;
const OF_MODULE = /^((?:module\.[^[.]+(?:\[[^\]]*\])?\.?)+)\.(.+)$/;

/** Readable names of resources: the construct path if a synthesized stack has it, else the address. */
export class Names {
  readonly stack: string | undefined;
  readonly #paths: ReadonlyMap<string, string>;

  /**
   * @param synthesized contents of `cdk.tf.json`, the newest first; older ones have names of removed resources
   * @throws {UserError} when one is not JSON
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

  /** The construct or Terraform module of a resource, and the resource's name in it. */
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
