/** Something with an ARN, as the provider's KmsKey and SnsTopic are. */
export interface HasArn {
  /** Its ARN; may be known only after deployment. */
  readonly arn: string;
}
