import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { UserError } from "../../environment/user-error";

/**
 * Looks for AWS credentials in the standard chain: environment, profile, SSO, process, container, instance. It does not ask AWS whether
 * they are still valid.
 *
 * @throws {UserError} when there are none. The message has no part of a credential.
 */
export async function requireCredentials(): Promise<void> {
  try {
    await defaultProvider()();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0]?.replace(/\.$/, "");
    throw new UserError(
      `credentials: none found for AWS (${reason}); log in (aws sso login, or aws configure), name a profile by AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
    );
  }
}
