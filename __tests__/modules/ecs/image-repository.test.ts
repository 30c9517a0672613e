import { ImageRepository, type ImageRepositoryProps } from "../../../modules/ecs";
import { Nat } from "../../../modules/network";
import { synthesize } from "../../synthesized";
import { containers, HTTP, topology } from "./stack";

const repository = (props?: ImageRepositoryProps, id = "images") =>
  synthesize((stack) => void new ImageRepository(stack, id, props));

describe("an image repository", () => {
  it("keeps a tag's image as it is, scans it, and goes with the stack", () => {
    expect(repository().the("aws_ecr_repository")).toMatchObject({
      name: "session-test-images",
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      force_delete: true,
    });
    expect(repository({ forceDelete: false }).the("aws_ecr_repository").force_delete).toBe(false);
  });

  it("drops what no tag names, and all but the newest", () => {
    const { rules } = JSON.parse(repository({ keptImages: 5 }).the("aws_ecr_lifecycle_policy").policy);
    expect(rules.map(({ selection }: { selection: object }) => selection)).toEqual([
      { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
      { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 },
    ]);
  });

  it("hands out its images to tasks, which come through endpoints and may be pulled", () => {
    const s = synthesize((stack) => {
      const image = new ImageRepository(stack, "images").image("1.2.3");
      topology(stack, { ...HTTP, image, zones: { nat: Nat.NONE } });
    });
    expect(containers(s).app?.image).toMatch(
      /^\$\{aws_ecr_repository\.images_repository_\w+\.repository_url}:1\.2\.3$/,
    );
    expect(s.at("aws_iam_role_policy", "start-tasks").policy).toMatch(/\$\{aws_ecr_repository\.images_\w+\.arn}/);
  });

  it.each([
    { make: () => repository({ keptImages: 1 }), message: "keptImages: got 1, allowed: a whole number from 2" },
    { make: () => repository({}, "my--images"), message: 'ECR repository name: got "session-test-my--images"' },
  ])("refuses what ECR or a roll back could not take (%#)", ({ make, message }) => {
    expect(make).toThrow(message);
  });
});
