import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { BOOLEAN, checkProps, checkText, checkWholeNumber, NUMBER, type PropTypes } from "../validation";
import type { ContainerImage } from "./container-image";

/** Properties of an {@link ImageRepository}. */
export interface ImageRepositoryProps extends ProviderProps {
  /**
   * Deletes the images together with the repository. Images are build results: `npm run image` pushes them again.
   * @default true - a deploy after a destroy works
   */
  readonly forceDelete?: boolean;
  /**
   * The number of images to keep, the newest first. The images of running tasks must be among them.
   * @default 20
   */
  readonly keptImages?: number;
}

/** Types of the props of {@link ImageRepositoryProps}. */
export const IMAGE_REPOSITORY_PROPS: PropTypes<ImageRepositoryProps> = {
  ...PROVIDER_PROPS,
  forceDelete: BOOLEAN,
  keptImages: NUMBER,
};

const UNTAGGED_DAYS = 1;

/**
 * A private repository for images of the app. Tags are immutable. ECR scans each push for known vulnerabilities.
 *
 * @throws when a number is out of range, or ECR does not accept the name.
 */
export class ImageRepository extends Construct {
  /** Address to push to, without a tag. */
  readonly url: string;
  /** ARN of the repository. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ImageRepositoryProps = {}) {
    super(scope, id);
    checkProps(this, props, IMAGE_REPOSITORY_PROPS);
    useProvider(this, props);
    const { forceDelete = true, keptImages = 20 } = props;
    checkWholeNumber(this, "keptImages", keptImages, {
      min: 2,
      max: 1000,
      because: ", so that there is one to go back to",
      fix: "leave it out for 20",
      atSynth: true,
    });
    const repository = new EcrRepository(this, "repository", {
      name: this.#name(),
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "AES256" }],
      forceDelete,
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.url = repository.repositoryUrl;
    this.arn = repository.arn;
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      policy: JSON.stringify({ rules: [untagged(1), newest(2, keptImages)] }),
    });
  }

  /** An image of this repository. */
  image(tag: string): ContainerImage {
    return { uri: `${this.url}:${tag}`, repositoryArn: this.arn };
  }

  #name(): string {
    const name = buildName(this, NameLimits.ECR_REPOSITORY).toLowerCase();
    checkText(this, "ECR repository name", name, {
      pattern: /^[a-z0-9]+([._-][a-z0-9]+)*$/,
      allowed: "letters, digits and single . _ - between them",
      fix: "change the construct's id",
    });
    return name;
  }
}

function untagged(rulePriority: number) {
  const selection = {
    tagStatus: "untagged",
    countType: "sinceImagePushed",
    countUnit: "days",
    countNumber: UNTAGGED_DAYS,
  };
  return { rulePriority, description: "Untagged images", selection, action: { type: "expire" } };
}

function newest(rulePriority: number, countNumber: number) {
  const selection = { tagStatus: "any", countType: "imageCountMoreThan", countNumber };
  return { rulePriority, description: "All but the newest", selection, action: { type: "expire" } };
}
