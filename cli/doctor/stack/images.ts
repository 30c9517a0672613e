import { aws, type Json } from "../../machine/aws-cli";
import type { State } from "../../terraform/state";
import type { Advice } from "../advice";
import { describeError, type Finding, fail, ok, warn } from "../finding";
import { findRegion } from "./region";

/**
 * The age after which the doctor warns, in days: a quarter, in which Amazon Linux 2023 has a new minor release.
 * @see https://docs.aws.amazon.com/linux/al2023/ug/release-cadence.html
 */
const MOST_DAYS = 90;
const DAY_MS = 86_400_000;

const check = "machine image";

/** The image of an instance, or of the instances that a group launches. */
interface UsedImage {
  readonly id: string;
  /** The resource that names it, for people. */
  readonly of: string;
  readonly held: Json;
  /** How to get a newer one. */
  readonly renew: string;
}

/**
 * Examines the age of the machine images of a stack's instances. An image has the fixes of its release alone, so an old one is unpatched.
 *
 * @param region - of resources without an ARN
 */
export async function examineImages(
  region: string,
  state: State,
  advice: Pick<Advice, "deploy" | "replace">,
  now = new Date(),
): Promise<Finding[]> {
  return Promise.all(listImages(state, advice).map((image) => examine(region, image, now)));
}

function listImages(state: State, advice: Pick<Advice, "deploy" | "replace">): UsedImage[] {
  const instances = state.list("aws_instance").map(({ address, attributes }) => ({
    id: String(attributes.ami),
    of: String(attributes.id),
    held: attributes,
    renew: `${advice.replace(address)} creates another instance, from the newest image`,
  }));
  const templates = state.list("aws_launch_template").map(({ attributes }) => ({
    id: String(attributes.image_id),
    of: String(attributes.name),
    held: attributes,
    renew: `${advice.deploy} launches instances from the newest image, an instance at a time`,
  }));
  // A template can name an SSM parameter in place of an image, which EC2 looks up at each launch.
  return [...instances, ...templates].filter(({ id }) => id.startsWith("ami-"));
}

async function examine(region: string, { id, of, held, renew }: UsedImage, now: Date): Promise<Finding> {
  // With a filter, the answer is empty for an image that is gone; with the id as an argument, the call fails.
  const args = ["ec2", "describe-images", "--include-deprecated", "--filters", `Name=image-id,Values=${id}`];
  try {
    const { Images }: Json = await aws(findRegion(held) ?? region, ...args);
    const [image] = Images as Json[];
    if (image === undefined) return warn(check, `${of}: AWS no longer shows its image ${id}`, renew);
    const days = Math.floor((now.getTime() - Date.parse(image.CreationDate)) / DAY_MS);
    const says = `${of}: ${image.Name ?? id} is ${days} days old`;
    return days > MOST_DAYS ? warn(check, `${says}, and has no later fixes`, renew) : ok(check, says);
  } catch (error) {
    return fail(check, `${of}: ${describeError(error)}`, `aws ${args.join(" ")} asks for its age`);
  }
}
