import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
  // The first time that a zip can hold. fflate reads it as local time, so the bytes are the same in every time zone.
  mtime: "1980-01-01T00:00:00",
  // Lambda runs code as another user, which must be able to read the file.
  os: 3,
  attrs: 0o100644 << 16,
};

/**
 * A zip with one file, beside the synthesized stack. The same file makes the same bytes on every machine, on any day and in any
 * version of Node, because fflate compresses with its own code and not with Node's zlib.
 *
 * @throws when the file cannot be read, or its name has other characters than letters, digits, dots, hyphens and underscores.
 */
export class ZipFile extends Construct {
  /** Path of the zip for Terraform, relative to the stack's folder. */
  readonly path: string;
  /** Name of the file in the zip. */
  readonly fileName: string;
  /** SHA-256 of the zip in base64: Lambda's `source_code_hash`. */
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
    // Our own hash, because cdktf's is a shortened MD5.
    const asset = { path: source, type: AssetType.FILE, assetHash: hash.toString("hex") };
    this.path = new TerraformAsset(this, "asset", asset).path;
  }
}

/** The zips of this process, keyed by content. Several apps of one program, each with its own folder, zip the same bundle. */
const zips = new Map<string, Uint8Array>();

/**
 * Writes the zip into the folder of the synthesis, because cdktf copies assets from files. The folder can be deleted at any time.
 * Compression takes a seventh of a synthesis, so an existing zip of the same content is used again.
 *
 * @returns path of the zip.
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
  // Write to another name first, then rename: an interrupted synthesis leaves no incomplete zip.
  const part = `${file}.${process.pid}`;
  try {
    writeFileSync(part, zip);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  return file;
}
