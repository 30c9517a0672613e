import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { App, AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { zipSync } from "fflate";
import { refused } from "../refused";

/** Properties of a {@link ZipFile}. */
export interface ZipFileProps {
  /** The file to go into it, at its root, absolute or relative to the working directory. */
  readonly path: string;
  /**
   * What to do when the file is missing, said in that error.
   *
   * @default - check the path
   */
  readonly missingFix?: string;
}

/** The first moment a zip can name, written by the local clock as fflate reads it: the same bytes in every time zone. */
const LONG_AGO = new Date(1980, 0, 1);
/** Lambda runs code as a user of its own, who must be able to read it. */
const READABLE_BY_ALL = { os: 3, attrs: 0o100644 << 16 };

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
    this.fileName = path.basename(props.path);
    if (!/^[\w.-]+$/.test(this.fileName)) {
      throw refused(this, {
        what: "file name",
        got: this.fileName,
        allowed: "letters, digits, dots, hyphens and underscores",
        fix: "rename the file",
      });
    }
    const zip = zipOf(this.fileName, this.#read(props));
    const hash = createHash("sha256").update(zip).digest();
    this.sha256Base64 = hash.toString("base64");
    this.path = this.#keep(zip, hash.toString("hex"));
  }

  #read({ path: source, missingFix = "check the path" }: ZipFileProps): Uint8Array {
    try {
      return readFileSync(source);
    } catch (error) {
      throw refused(this, {
        what: "path",
        got: `${path.resolve(source)} (${(error as NodeJS.ErrnoException).code})`,
        allowed: "a file that can be read",
        fix: missingFix,
      });
    }
  }

  /** cdktf copies assets from files: this one lies in what synthesis writes, which may be deleted at any time. */
  #keep(zip: Uint8Array, sha256: string): string {
    const folder = path.resolve(App.of(this).outdir, "zips", sha256);
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${path.parse(this.fileName).name}.zip`);
    writeFileSync(file, zip);
    return new TerraformAsset(this, "asset", { path: file, type: AssetType.FILE, assetHash: sha256 }).path;
  }
}

/** By name and content: stacks of one program zip the same bundle, and compressing is a third of what they take. */
const zips = new Map<string, Uint8Array>();

function zipOf(name: string, content: Uint8Array): Uint8Array {
  const key = `${createHash("sha256").update(content).digest("hex")}/${name}`;
  const zip = zips.get(key) ?? zipSync({ [name]: content }, { level: 9, mtime: LONG_AGO, ...READABLE_BY_ALL });
  zips.set(key, zip);
  return zip;
}
