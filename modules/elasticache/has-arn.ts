/** Something with an ARN, as the provider's KmsKey and SnsTopic are. */
export interface HasArn {
  readonly arn: string;
}
