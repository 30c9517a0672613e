import { createHash } from "node:crypto";
import path from "node:path";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { AssetType, type ITerraformDependable, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { allow, grant } from "../iam/policy";
import { buildKey } from "../naming";
import { dependOn } from "../stack/dependencies";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, objectWith, type PropTypes, required, TEXT_AT_SYNTH } from "../validation";
import type { ArtifactBucket } from "./bucket";
import { NOTICES_FILE, noticesBeside } from "./notices";
import { checkFileName, readSource } from "./source-file";

/** Properties of an {@link ArtifactFile}. */
export interface ArtifactFileProps extends ProviderProps {
  /** The bucket of the file. */
  readonly bucket: ArtifactBucket;
  /** Path of the file, absolute or relative to the working directory. Only its last part is in the synthesized stack. */
  readonly path: string;
  /**
   * The fix in the error about a missing file.
   *
   * @default - check the path
   */
  readonly missingFix?: string;
}

/** Types of the props of {@link ArtifactFileProps}. */
export const ARTIFACT_FILE_PROPS: PropTypes<ArtifactFileProps> = {
  ...PROVIDER_PROPS,
  bucket: required(objectWith("an ArtifactBucket", "create an ArtifactBucket", "name", "arn", "dependables")),
  path: required(TEXT_AT_SYNTH),
  missingFix: TEXT_AT_SYNTH,
};

/**
 * A file in a bucket, under a key with the SHA-256 of its content. A new content has a new key, so user data and definitions that
 * contain the key change with it. The same content has the same key on every machine.
 *
 * A file `<name>.THIRD-PARTY-NOTICES.txt` beside it, with the licences of its packages, is uploaded under the same prefix.
 *
 * @throws when the file cannot be read, or its name has other characters than letters, digits, dots, hyphens and underscores.
 */
export class ArtifactFile extends Construct {
  /** Last part of the path, such as `session-app.js`. */
  readonly fileName: string;
  /** `<sha256>/<fileName>`. */
  readonly key: string;
  /** SHA-256 of the content, hex. */
  readonly sha256: string;
  /** Name of its bucket. */
  readonly bucketName: string;
  /**
   * Version id of the object. A deploy that replaces the file deletes its key. After a rollback, compute still finds the former file by
   * its version, as long as the bucket keeps old versions.
   */
  readonly versionId: string;
  /** Resources that a reader must depend on, so that the file exists. */
  readonly dependables: readonly ITerraformDependable[];
  readonly #arn: string;

  constructor(scope: Construct, id: string, props: ArtifactFileProps) {
    super(scope, id);
    checkProps(this, props, ARTIFACT_FILE_PROPS);
    useProvider(this, props);
    const source = path.resolve(props.path);
    this.fileName = path.basename(source);
    checkFileName(this, this.fileName);
    this.sha256 = createHash("sha256").update(readSource(this, props)).digest("hex");
    this.key = `${this.sha256}/${this.fileName}`;
    this.bucketName = props.bucket.name;
    this.#arn = `${props.bucket.arn}/*/${this.fileName}`;
    const object = this.#upload(source, props.bucket);
    this.versionId = object.versionId;
    this.dependables = [object];
    this.#uploadNotices(source, props.bucket);
  }

  /**
   * Lets a role read this file, in every version and with every content, and nothing else. A rollback needs the former versions,
   * because it keeps the role of the new deployment. The role needs no s3:ListBucket, because the key is known.
   *
   * @returns resources that compute must depend on before it reads.
   */
  grantRead(role: IamRole): ITerraformDependable[] {
    const read = allow(["s3:GetObject", "s3:GetObjectVersion"], this.#arn);
    return [grant(role, `read-${buildKey(this, role)}`, [read]), ...this.dependables];
  }

  #upload(source: string, bucket: ArtifactBucket): S3Object {
    // Our own hash, because cdktf's is a shortened MD5 of the contents alone.
    const asset = new TerraformAsset(this, "asset", { path: source, type: AssetType.FILE, assetHash: this.sha256 });
    return new S3Object(this, "object", {
      bucket: bucket.name,
      key: this.key,
      source: asset.path,
      // The new file is uploaded before the old one is deleted. Compute with the old key is replaced in between.
      lifecycle: { createBeforeDestroy: true },
      dependsOn: dependOn(this, bucket.dependables),
    });
  }

  /** No program reads the notices at run time, so no compute depends on them. */
  #uploadNotices(source: string, bucket: ArtifactBucket): void {
    const notices = noticesBeside(source);
    if (notices === undefined) return;
    const sha256 = createHash("sha256").update(notices.content).digest("hex");
    const file = { path: notices.path, type: AssetType.FILE, assetHash: sha256 };
    new S3Object(this, "notices", {
      bucket: bucket.name,
      key: `${this.sha256}/${NOTICES_FILE}`,
      source: new TerraformAsset(this, "notices-asset", file).path,
      sourceHash: sha256,
      lifecycle: { createBeforeDestroy: true },
      dependsOn: dependOn(this, bucket.dependables),
    });
  }
}
