import { block, texts } from "../../terraform/configuration";
import { secretsAmong } from "../../terraform/secret-text";
import type { Rule } from "../rule";

const FUNCTION = ["aws_lambda_function"];
/** Runtimes that Lambda accepts for new functions. */
const RUNTIMES = /^(nodejs(2[2-9])\.x|python3\.(1[2-9])|provided\.al2023|java(21|25)|dotnet(8|10)|ruby3\.[3-9])$/;

/** Rules for Lambda functions and for permissions to call them. */
export const functionRules: readonly Rule[] = [
  {
    id: "function-over-zones",
    also: "Lambda.3, Lambda.5, CKV_AWS_117",
    on: FUNCTION,
    finds(one) {
      if (one.refersTo("vpc_config").filter(isSubnet).length >= 2) return undefined;
      const { subnet_ids } = block(one.values.vpc_config);
      return texts(subnet_ids).length >= 2 ? undefined : "is not in two subnets of a VPC";
    },
  },
  {
    id: "function-runtime",
    also: "Lambda.2, CKV_AWS_363",
    on: FUNCTION,
    finds: ({ values }) =>
      values.package_type === "Image" || RUNTIMES.test(String(values.runtime))
        ? undefined
        : `runs ${values.runtime}, which takes no updates`,
  },
  {
    id: "function-no-secret-in-environment",
    also: "CKV_AWS_45",
    on: FUNCTION,
    finds({ values }) {
      const secrets = secretsAmong(Object.entries(block(block(values.environment).variables)));
      return secrets.length > 0 ? `has secrets in its environment: ${secrets.join(", ")}` : undefined;
    },
  },
  {
    id: "function-own-log-group",
    on: FUNCTION,
    finds: (one) =>
      one.refersTo("logging_config").length > 0 || block(one.values.logging_config).log_group
        ? undefined
        : "writes to a log group without a retention",
  },
  {
    id: "function-open-to-one",
    also: "Lambda.1, CKV_AWS_364",
    on: ["aws_lambda_permission"],
    finds({ values, refersTo }) {
      const { principal, principal_org_id, function_url_auth_type, source_account, source_arn } = values;
      if (function_url_auth_type === "NONE" && principal === "*") return "may be called by everybody through its URL";
      if (refersTo("source_arn").length > 0 || source_arn || source_account || principal_org_id) return undefined;
      if (principal === "*") return "may be called by every AWS account: name the account, or principal_org_id";
      // An account, a user or a role names itself; a service acts for every account.
      return String(principal).endsWith(".amazonaws.com")
        ? "may be called by any account's resources: name source_arn"
        : undefined;
    },
  },
  {
    id: "function-url-login",
    also: "CKV_AWS_258",
    on: ["aws_lambda_function_url"],
    // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    finds: ({ values }) =>
      values.authorization_type === "NONE" ? "takes calls without a login: AWS_IAM asks for one" : undefined,
  },
];

function isSubnet(address: string): boolean {
  return address.startsWith("aws_subnet.");
}
