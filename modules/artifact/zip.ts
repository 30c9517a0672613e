import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { App, AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { type ZipOptions, zipSync } from "fflate";
import { version } from "fflate/package.json";
import { checkProps, type PropTypes, required, TEXT_AT_SYNTH } from "../validation";
import { NOTICES_FILE, noticesBeside } from "./notices";
import { checkFileName, readSource } from "./source-file";

/** Properties of a {@link ZipFile}. */
export interface ZipFileProps {
  /**
   * The file to go into it, at its root, absolute or relative to the working directory. A file
   * `<name>.THIRD-PARTY-NOTICES.txt` beside it, with the licences of the packages in it, goes in too.
   */
  readonly path: string;
  /**
   * The fix in the error about a missing file.
   *
   * @default - check the path
   */
  readonly missingFix?: string;
}

/** Types of the props of {@link ZipFileProps}. */
export const ZIP_FILE_PROPS: PropTypes<ZipFileProps> = {
  path: required(TEXT_AT_SYNTH),
  missingFix: TEXT_AT_SYNTH,
};

const OPTIONS: ZipOptions = {
  level: 9,
  // The first moment a zip can name, written by the local clock as fflate reads it: the same bytes in every time zone.
  mtime: "1980-01-01T00:00:00",
  // Lambda runs code as a user of its own, who must be able to read it.
  os: 3,
  attrs: 0o100644 << 16,
};

/**
 * A file in a zip beside the synthesized stack: the same file is the same bytes on every machine, on any day, in any
 * version of Node, because they are compressed by fflate's own code and not by the zlib that Node came with.
 *
 * @throws when the file cannot be read, or its name is not made of letters, digits, dots, hyphens and underscores.
 */
export class ZipFile extends Construct {
  /** Where Terraform finds it, relative to the stack. */
  readonly path: string;
  /** Name of the file in it. */
  readonly fileName: string;
  /** SHA-256 of the zip, base64: what Lambda calls its code's hash. */
  readonly sha256Base64: string;

  constructor(scope: Construct, id: string, props: ZipFileProps) {
    super(scope, id);
    checkProps(this, props, ZIP_FILE_PROPS);
    this.fileName = path.basename(props.path);
    checkFileName(this, this.fileName);
    const notices = noticesBeside(props.path);
    const files = { [this.fileName]: readSource(this, props), ...(notices && { [NOTICES_FILE]: notices.content }) };
    const source = writeZip(App.of(this).outdir, this.fileName, files);
    const hash = createHash("sha256").update(readFileSync(source)).digest();
    this.sha256Base64 = hash.toString("base64");
    // The hash is ours: cdktf's own is a cut MD5.
    const asset = { path: source, type: AssetType.FILE, assetHash: hash.toString("hex") };
    this.path = new TerraformAsset(this, "asset", asset).path;
  }
}

/** By what they are made of: apps of one program, each with a folder of its own, zip the same bundle. */
const zips = new Map<string, Uint8Array>();

/**
 * cdktf copies assets from files: this one lies in what synthesis writes, which may be deleted at any time. Compressing is a
 * seventh of what a synthesis takes, so a zip of the same content, made the same way, is taken as it is.
 *
 * @returns the zip's path.
 */
function writeZip(outdir: string, name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const hash = createHash("sha256").update(JSON.stringify([version, OPTIONS]));
  for (const [file, content] of Object.entries(files))
    hash.update(JSON.stringify([file, content.length])).update(content);
  const from = hash.digest("hex");
  const file = path.resolve(outdir, "zips", from, `${path.parse(name).name}.zip`);
  if (existsSync(file)) return file;
  const zip = zips.get(from) ?? zipSync(files, OPTIONS);
  zips.set(from, zip);
  mkdirSync(path.dirname(file), { recursive: true });
  // Whole or not at all: who is stopped here leaves no half of it to the next.
  writeFileSync(`${file}.${process.pid}`, zip);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
