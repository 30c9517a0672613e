import { objectWith, type PropType } from "./validation";

/** Something with an ARN, as the provider's KmsKey and SnsTopic are. */
export interface HasArn {
  /** Its ARN; may be known only after deployment. */
  readonly arn: string;
}

/** The type of such a prop. */
export const HAS_ARN: PropType = objectWith(
  "an object with an arn, as a KmsKey or SnsTopic",
  'write it like { arn: "arn:aws:..." }',
  "arn",
);
