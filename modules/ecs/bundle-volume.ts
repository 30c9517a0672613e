import { NO_CAPABILITIES } from "./capabilities";
import { AWS_CLI_IMAGE } from "./container-image";
import { variables } from "./variables";

/** A file in S3, named by its content. */
interface Artifact {
  readonly bucketName: string;
  readonly key: string;
  readonly versionId: string;
  readonly fileName: string;
  readonly sha256: string;
}

/** The volume that the app's file comes to where there is no image of it; it lives as long as its task. */
export const BUNDLE_VOLUME = "bundle";
const MOUNTED_AT = "/bundle";

/** Name of the container that fetches the file. */
export const FETCH_CONTAINER = "fetch-bundle";

/**
 * How long the file is asked for, in seconds. Permissions may take a moment to be known everywhere after a first deploy; in a
 * new bucket, versions may not be found for up to 15 minutes. A container that waits for another one without startTimeout,
 * which Fargate limits to 120 s, waits for as long as that one runs.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
const FETCH_SECONDS = 900;

/**
 * Fetches the file, by its version or else by its key, and ends well only if it has the content it is named by. `$NAME` and
 * never `$` with a brace in it: that one is Terraform's.
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

/** Where the app finds its file. */
export function bundlePath({ fileName }: Artifact): string {
  return `${MOUNTED_AT}/${fileName}`;
}

/** The volume as the app's container sees it. */
export const BUNDLE_MOUNT = { sourceVolume: BUNDLE_VOLUME, containerPath: MOUNTED_AT, readOnly: true };

/** The container that runs before the app's: root, because such a volume belongs to root, and without any privilege. */
export function fetchContainer(artifact: Artifact, region: string, logConfiguration: object): object {
  const { bucketName, key, versionId, sha256 } = artifact;
  return {
    name: FETCH_CONTAINER,
    image: AWS_CLI_IMAGE,
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
      // The AWS CLI keeps a cache there, and stops where it cannot (aws/aws-cli#9075).
      HOME: MOUNTED_AT,
      KEY: key,
      SHA256: sha256,
      // By its key alone it is gone once a later deploy has replaced it, and ECS could not go back to this one.
      VERSION: versionId,
    }),
    mountPoints: [{ ...BUNDLE_MOUNT, readOnly: false }],
    logConfiguration,
  };
}
