import { NO_CAPABILITIES } from "./capabilities";
import { variables } from "./variables";

/** A file in S3 whose key has the hash of its content. */
interface Artifact {
  readonly bucketName: string;
  readonly key: string;
  readonly versionId: string;
  readonly fileName: string;
  readonly sha256: string;
}

/** The volume for the app's file, in tasks without an image of the app. It exists as long as its task. */
export const BUNDLE_VOLUME = "bundle";
const MOUNTED_AT = "/bundle";

/** Name of the container that downloads the file. */
export const FETCH_CONTAINER = "fetch-bundle";

/**
 * The longest time of downloads and their retries, in seconds. After a first deploy, permissions may take a moment to take effect. In a new
 * bucket, S3 may not find versions for up to 15 minutes. A container that depends on another one without startTimeout, which Fargate
 * limits to 120 s, waits as long as the other one runs.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
const FETCH_SECONDS = 900;

/**
 * Downloads the file by its version, or else by its key. It succeeds only if the content has the hash in the key. The script has `$NAME`
 * and never `$` with a brace, which Terraform would interpolate.
 */
const FETCH = `end=$(($(date +%s) + FETCH_SECONDS))
get_object() {
  aws s3api get-object --region "$AWS_REGION" --bucket "$BUCKET" --key "$KEY" "$@" "$BUNDLE" >/dev/null
}
until get_object --version-id "$VERSION" || get_object; do
  [ "$(date +%s)" -lt "$end" ] || exit 1
  sleep 5
done
echo "$SHA256  $BUNDLE" | sha256sum -c -
chmod 444 "$BUNDLE"`;

/** Path of the file for the app. */
export function bundlePath({ fileName }: Artifact): string {
  return `${MOUNTED_AT}/${fileName}`;
}

/** The mount of the volume in the app's container. */
export const BUNDLE_MOUNT = { sourceVolume: BUNDLE_VOLUME, containerPath: MOUNTED_AT, readOnly: true };

/** The init container. It runs as root, because the volume belongs to root, and without capabilities. */
export function fetchContainer(artifact: Artifact, image: string, region: string, logConfiguration: object): object {
  const { bucketName, key, versionId, sha256 } = artifact;
  return {
    name: FETCH_CONTAINER,
    image,
    essential: false,
    entryPoint: ["/bin/sh", "-ec"],
    command: [FETCH],
    user: "0",
    readonlyRootFilesystem: true,
    linuxParameters: { capabilities: NO_CAPABILITIES },
    environment: variables({
      AWS_REGION: region,
      BUCKET: bucketName,
      BUNDLE: bundlePath(artifact),
      FETCH_SECONDS: String(FETCH_SECONDS),
      // The AWS CLI writes a cache there, and fails without it (aws/aws-cli#9075).
      HOME: MOUNTED_AT,
      KEY: key,
      SHA256: sha256,
      // A later deploy deletes the key. By its version, ECS can still roll back to this file.
      VERSION: versionId,
    }),
    mountPoints: [{ ...BUNDLE_MOUNT, readOnly: false }],
    logConfiguration,
  };
}
