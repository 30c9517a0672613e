import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const REGISTRY = "registry.terraform.io";
/** How deep below the root, and a home, a mirror is looked for when Terraform's own places have none. */
const DEPTH = 3;
/** Folders without a mirror, left out because a search of them would take too long. */
const PASSED_OVER = new Set(["proc", "sys", "dev", "run", "tmp", "node_modules", ".terraform", ".git", "cdktf.out"]);

/** A provider as a stack requires it. */
export interface Provider {
  /** As in `hashicorp/aws`. */
  readonly source: string;
  readonly version: string;
}

/** The providers a synthesized stack requires. */
export function requiredProviders(stackFolder: string): Provider[] {
  const { terraform } = JSON.parse(readFileSync(path.join(stackFolder, "cdk.tf.json"), "utf8"));
  const required = Object.values(terraform.required_providers) as { source: string; version: string }[];
  return required.map(({ source, version }) => ({
    source: source.includes("/") ? source : `hashicorp/${source}`,
    version,
  }));
}

/** Where Terraform is to take providers from: its own configuration, a mirror on this machine, or the registry. */
export interface ProviderSource {
  /** For people: what was found, and where. */
  readonly what: "Terraform's own configuration" | "mirror" | "registry";
  readonly folder?: string;
}

/**
 * Looks for providers where Terraform itself would, in its order: the CLI configuration, the plugin cache, the implied
 * mirrors; then for a mirror anywhere near the root.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function findProviders(providers: readonly Provider[], env: NodeJS.ProcessEnv = process.env): ProviderSource {
  const config = env.TF_CLI_CONFIG_FILE ?? path.join(os.homedir(), ".terraformrc");
  if (existsSync(config) && readFileSync(config, "utf8").includes("provider_installation")) {
    return { what: "Terraform's own configuration", folder: config };
  }
  const holdsAll = (folder: string) => providers.every((provider) => holds(folder, provider));
  const folder = impliedMirrors(env).find(holdsAll) ?? nearbyMirrors().find(holdsAll);
  return folder === undefined ? { what: "registry" } : { what: "mirror", folder };
}

function impliedMirrors(env: NodeJS.ProcessEnv): string[] {
  const home = os.homedir();
  const data = [env.XDG_DATA_HOME ?? path.join(home, ".local", "share")];
  const shared = (env.XDG_DATA_DIRS ?? "/usr/local/share:/usr/share").split(":");
  const terraform = [...data, ...shared].filter(Boolean).map((folder) => path.join(folder, "terraform", "plugins"));
  const cache = env.TF_PLUGIN_CACHE_DIR === undefined ? [] : [env.TF_PLUGIN_CACHE_DIR];
  return [...cache, path.resolve("terraform.d", "plugins"), path.join(home, ".terraform.d", "plugins"), ...terraform];
}

/** Folders that hold one of the registry's name. */
function nearbyMirrors(): string[] {
  const found: string[] = [];
  let level = [path.parse(process.cwd()).root, os.homedir()];
  for (let depth = 0; depth <= DEPTH; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      for (const name of foldersIn(folder)) {
        if (name === REGISTRY) found.push(folder);
        else if (!PASSED_OVER.has(name)) next.push(path.join(folder, name));
      }
    }
    level = next;
  }
  return found;
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Both layouts a mirror may have: unpacked, and zipped. */
function holds(mirror: string, { source, version }: Provider): boolean {
  const folder = path.join(mirror, REGISTRY, source);
  const zip = `terraform-provider-${path.basename(source)}_${version}_${platform()}.zip`;
  return existsSync(path.join(folder, version, platform())) || existsSync(path.join(folder, zip));
}

function platform(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `${system}_${process.arch === "x64" ? "amd64" : process.arch}`;
}

/** The program of the one provider a stack's folder has after `terraform init`. @throws when it has none. */
export function installedProvider(stackFolder: string): string {
  const [provider] = requiredProviders(stackFolder);
  if (provider === undefined) throw new Error(`${stackFolder}: requires no provider`);
  const { source, version } = provider;
  const folder = path.join(stackFolder, ".terraform", "providers", REGISTRY, source, version, platform());
  const program = readdirSync(folder).find((name) => name.startsWith("terraform-provider-"));
  if (program === undefined) throw new Error(`${folder}: holds no provider`);
  return path.join(folder, program);
}

/** Variables that make Terraform use that source. @param file - where its configuration is written, when it needs one. */
export function terraformVariables({ what, folder }: ProviderSource, file: string): NodeJS.ProcessEnv {
  if (what === "Terraform's own configuration") return { TF_CLI_CONFIG_FILE: folder };
  const mirror =
    what === "mirror" ? `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(folder)} }\n}\n` : "";
  writeFileSync(file, `disable_checkpoint = true\n${mirror}`);
  return { TF_CLI_CONFIG_FILE: file };
}

/** Returns the message for a registry that was needed and did not answer. */
export function howToInstall(providers: readonly Provider[]): string {
  const names = providers.map(({ source, version }) => `${source} ${version} for ${platform()}`).join(", ");
  return (
    `missing: Terraform provider ${names}: on this machine in none of Terraform's mirrors, and ${REGISTRY} did not give it. ` +
    `Install it: in cdktf.out/stacks/<stack>, where there is a network, run ` +
    `"terraform providers mirror -platform=${platform()} ~/.terraform.d/plugins" and bring that folder here, ` +
    `or name a mirror in the file TF_CLI_CONFIG_FILE points at.`
  );
}
