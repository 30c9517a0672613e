import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { UserError } from "../../environment/user-error";

/**
 * Looks for AWS credentials by the standard chain: environment, profile, SSO, process, container, instance. Nobody at AWS is asked
 * whether they are still good.
 *
 * @throws {UserError} when there are none; the message has nothing of what was found.
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
