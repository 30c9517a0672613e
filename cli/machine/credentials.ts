import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { UserError } from "../../environment/user-error";

const FIX =
  "log in (aws sso login, or aws configure), name a profile by AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

/** There are no AWS credentials. The message has no part of a credential. */
export class CredentialsError extends UserError {
  /** @param says - the fault, with the reason that the AWS SDK gives. @param fix - the advice to the user */
  constructor(
    readonly says: string,
    readonly fix: string,
  ) {
    super(`credentials: ${says}; ${fix}`);
  }
}

/**
 * Looks for AWS credentials in the standard chain: environment, profile, SSO, process, container, instance. It does not ask AWS whether
 * they are still valid.
 *
 * @throws {CredentialsError} when there are none.
 */
export async function requireCredentials(): Promise<void> {
  try {
    await defaultProvider()();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0]?.replace(/\.$/, "");
    throw new CredentialsError(`none found for AWS (${reason})`, FIX);
  }
}
