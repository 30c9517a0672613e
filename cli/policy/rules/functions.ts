import { block, texts } from "../../terraform/configuration";
import { secretsAmong } from "../../terraform/secret-text";
import type { Rule } from "../rule";

const FUNCTION = ["aws_lambda_function"];
/** Those AWS takes new functions for. */
const RUNTIMES = /^(nodejs(2[2-9])\.x|python3\.(1[2-9])|provided\.al2023|java(21|25)|dotnet(8|10)|ruby3\.[3-9])$/;

/** Rules for Lambda functions and who may call them. */
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
        : "writes to a log group that nobody gives a retention",
  },
  {
    id: "function-open-to-one",
    also: "Lambda.1, CKV_AWS_364",
    on: ["aws_lambda_permission"],
    finds: ({ values, refersTo }) =>
      refersTo("source_arn").length > 0 || values.source_arn || values.source_account || values.function_url_auth_type
        ? undefined
        : "may be called by any account's resources: name source_arn",
  },
];

function isSubnet(address: string): boolean {
  return address.startsWith("aws_subnet.");
}
