import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Metafile } from "esbuild";

/** A package of which a bundle has code, and the texts that its licence asks to be passed on. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression of its package.json. */
  readonly license: string;
  /** Its licence and its NOTICE, in this order. */
  readonly texts: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly repository?: string | { readonly url?: string };
}

/** Suffix of the file that is beside a bundle, after the bundle's own name. */
export const NOTICES_SUFFIX = ".THIRD-PARTY-NOTICES.txt";

const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(licen[cs]e|copying)([-._].*)?$/i;
const NOTICE_FILE = /^(notice|third-?party-?(notices|licen[cs]es))([-._].*)?$/i;
const SOURCE_FILE = /\.(c|m)?[jt]s$/;
const RULE = "-".repeat(80);

/**
 * The packages of which an output of esbuild has code.
 *
 * @param root - the folder that the metafile's paths start at.
 * @throws when a package has no licence text: its name is in the error, and the way to add the text.
 */
export function bundledPackages(root: string, inputs: Metafile["outputs"][string]["inputs"]): BundledPackage[] {
  const files = Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
  const folders = new Set(files.flatMap((file) => PACKAGE_FOLDER.exec(file)?.[0] ?? []));
  const found = [...folders].map((folder) => {
    const absolute = path.join(root, folder);
    const manifest: Manifest = JSON.parse(readFileSync(path.join(absolute, "package.json"), "utf8"));
    return { manifest, licences: textsIn(absolute, LICENCE_FILE), notices: textsIn(absolute, NOTICE_FILE) };
  });
  const packages = found.map(({ manifest, licences, notices }) => {
    const texts = licences.length > 0 ? licences : textsElsewhere(manifest, found);
    if (texts.length === 0) throw new Error(withoutLicence(manifest));
    const { name, version, license = "see its text" } = manifest;
    return { name, version, license, texts: [...texts, ...notices] };
  });
  return packages.sort((a, b) => (formatTitle(a) < formatTitle(b) ? -1 : 1));
}

/** Some packages are published without the licence file of their repository. */
function textsElsewhere(
  manifest: Manifest,
  found: readonly { readonly manifest: Manifest; readonly licences: readonly string[] }[],
): readonly string[] {
  const recorded = recordedLicence(manifest.name);
  if (existsSync(recorded)) return [normalized(readFileSync(recorded, "utf8"))];
  const repository = findRepository(manifest);
  const sibling = found.find(
    (other) =>
      repository !== undefined &&
      findRepository(other.manifest) === repository &&
      other.manifest.license === manifest.license &&
      other.licences.length > 0,
  );
  return sibling?.licences ?? [];
}

/** Licences of packages that ship none, as their repositories have them. */
function recordedLicence(name: string): string {
  return path.join(import.meta.dirname, "licences", `${name.replace("/", "+")}.txt`);
}

function findRepository({ repository }: Manifest): string | undefined {
  return typeof repository === "string" ? repository : repository?.url;
}

function textsIn(folder: string, name: RegExp): string[] {
  return readdirSync(folder)
    .filter((file) => name.test(file) && !SOURCE_FILE.test(file))
    .sort()
    .map((file) => normalized(readFileSync(path.join(folder, file), "utf8")));
}

function normalized(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(/[ \t]+$/gm, "")
    .trim();
}

function withoutLicence({ name, version, license }: Manifest): string {
  return (
    `${name} ${version} (${license ?? "no license in its package.json"}) is in a bundle and comes without a licence text. ` +
    `Put the text of its repository into ${path.relative(process.cwd(), recordedLicence(name))}`
  );
}

const formatTitle = ({ name, version, license }: BundledPackage) => `${name} ${version} (${license})`;

/** The notices of a bundle: each licence text once, below the packages that it covers. */
export function noticesText(bundle: string, packages: readonly BundledPackage[]): string {
  const byText = new Map<string, string[]>();
  for (const one of packages) {
    const text = one.texts.join(`\n\n${RULE}\n\n`);
    byText.set(text, [...(byText.get(text) ?? []), formatTitle(one)]);
  }
  const sections = [...byText].map(([text, titles]) => `${titles.join("\n")}\n\n${text}\n`);
  const head = `THIRD-PARTY NOTICES\n\n${bundle} has code of ${packages.length} packages. Their licences follow.\n`;
  return [head, ...sections].join(`\n${"=".repeat(80)}\n\n`);
}
