import { Token } from "cdktf";
import type { Construct } from "constructs";
import { ArnKinds, checkArn, regionIn } from "../arn";
import { parsePartition } from "../partitions";
import { matchPartition } from "../stack/region";
import { checkText, type PropTypes, required, TEXT, ValidationError } from "../validation";

/** An image with the app. Without a command, it serves. */
export interface ContainerImage {
  /** Registry, name, and tag or digest. */
  readonly uri: string;
  /**
   * ARN of its ECR repository, which tasks may then pull from.
   * @default - from the URI; none for a URI of another registry
   */
  readonly repositoryArn?: string;
  /**
   * The user that the app runs as, by number: `uid` or `uid:gid`, not root.
   * @default "1000:1000" - the user `node` of the official Node images
   */
  readonly user?: string;
}

/** Types of the props of {@link ContainerImage}. */
export const CONTAINER_IMAGE: PropTypes<ContainerImage> = {
  uri: required(TEXT),
  repositoryArn: TEXT,
  user: TEXT,
};

/** The images of tasks without an image of the app, each as registry, name, and tag or digest. */
export interface BaseImages {
  /**
   * Node.js, which the app runs on. The program `node` is on the image's `PATH`.
   * @default - the official Node image of ECR Public, of one release
   */
  readonly node?: string;
  /**
   * The AWS CLI, which downloads the app. The image has a shell and `sha256sum`.
   * @default - the AWS CLI's image of ECR Public, of one release
   */
  readonly awsCli?: string;
}

/** Types of the props of {@link BaseImages}. */
export const BASE_IMAGES: PropTypes<BaseImages> = {
  node: TEXT,
  awsCli: TEXT,
};

/** The base images with their defaults. */
export type ResolvedBaseImages = Readonly<Record<keyof BaseImages, PulledImage>>;

/** An image as a task pulls it. */
export interface PulledImage {
  readonly uri: string;
  /** ARN of the repository; undefined if tasks need no permission to pull. */
  readonly repositoryArn: string | undefined;
  /** Whether tasks pull it through the ECR endpoints of the stack's region. */
  readonly throughEndpoints: boolean;
}

/** The parts of an image of the app that tasks need. */
export interface ResolvedImage extends PulledImage {
  readonly user: string;
}

/** The official Node image, without the app. Its user `node` has the number 1000. */
const NODE_IMAGE = "public.ecr.aws/docker/library/node:24.21.0-bookworm-slim";
/** The image that downloads the app into a volume, for tasks without an image of the app. */
const AWS_CLI_IMAGE = "public.ecr.aws/aws-cli/aws-cli:2.36.44";

/** The user `node` of the official Node images, and its group. */
export const APP_USER = "1000:1000";

const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9]+(?:[._/-][a-z0-9]+)*)(?=[:@])/;
/** Registry and name, then a tag, a digest, or both. */
const NAMED =
  /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
const USER = /^[1-9]\d{0,9}(:\d{1,10})?$/;

/**
 * @throws when the URI is malformed, has no tag or digest or has the tag `latest`, which changes its image, the image is in
 * another partition, or the user is root.
 */
export function resolveImage(scope: Construct, image: ContainerImage, region: string): ResolvedImage {
  const { user = APP_USER } = image;
  checkText(scope, "image.user", user, {
    pattern: USER,
    allowed: "uid or uid:gid by number, not 0, since the app does not run as root",
    fix: `leave it out for "${APP_USER}"`,
    atSynth: true,
  });
  checkArn(scope, "image.repositoryArn", image.repositoryArn, { kind: ArnKinds.ECR_REPOSITORY });
  checkPartition(scope, "image.repositoryArn", image.repositoryArn, regionIn(image.repositoryArn ?? ""));
  return { ...resolvePulled(scope, "image.uri", image, region), user };
}

/** @throws when the URI is malformed, has no fixed tag, or the image is in another partition. */
export function resolveBaseImages(scope: Construct, images: BaseImages, region: string): ResolvedBaseImages {
  const { node = NODE_IMAGE, awsCli = AWS_CLI_IMAGE } = images;
  return {
    node: resolvePulled(scope, "baseImages.node", { uri: node }, region),
    awsCli: resolvePulled(scope, "baseImages.awsCli", { uri: awsCli }, region),
  };
}

function resolvePulled(scope: Construct, what: string, image: ContainerImage, region: string): PulledImage {
  const { uri } = image;
  const [, account, home, name] = Token.isUnresolved(uri) ? [] : (ECR.exec(uri) ?? []);
  checkUri(scope, what, uri);
  checkPartition(scope, what, uri, home);
  const { repositoryArn = home && `arn:${parsePartition(home)?.name}:ecr:${home}:${account}:repository/${name}` } =
    image;
  // With an unresolved region, the image counts as one of that region: no other image can come through an endpoint.
  // An image with an unresolved URI and a repository is of this stack.
  const throughEndpoints =
    home === undefined ? repositoryArn !== undefined : Token.isUnresolved(region) || home === region;
  return { uri, repositoryArn, throughEndpoints };
}

/** A role has no rights in another partition, and IAM refuses a policy that names a repository there. */
function checkPartition(scope: Construct, what: string, got: string | undefined, home: string | undefined): void {
  if (!home || new RegExp(`^${matchPartition(scope)}$`).test(String(parsePartition(home)?.name))) return;
  throw new ValidationError(scope, {
    what,
    got: `${JSON.stringify(got)}, which is in ${home}`,
    allowed: "a public image, or a repository of the stack's own partition of AWS",
    fix: "push the image to ECR in the stack's region: npm run image -- --push <repository>",
  });
}

function checkUri(scope: Construct, what: string, uri: string): void {
  if (Token.isUnresolved(uri)) return;
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  if (NAMED.test(uri) && /[:@]/.test(name) && !name.endsWith(":latest")) return;
  throw new ValidationError(scope, {
    what,
    got: JSON.stringify(uri),
    allowed: "an image with a tag other than latest, or with a digest",
    fix: what === "image.uri" ? "take the name that npm run image prints" : "name a release, or leave it out",
  });
}
