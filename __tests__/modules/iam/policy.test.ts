import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { allow, deny, grant, toPolicy, toTrustPolicy } from "../../../modules/iam/policy";
import { synthesize } from "../../synthesized";

test("statements are IAM's, in the order in which they are given", () => {
  const inVpc = { StringEquals: { "aws:SourceVpc": "vpc-1" } };
  const policy = toPolicy(allow(["s3:GetObject"], "arn:aws:s3:::b/*"), deny("s3:*", "*", inVpc));
  expect(JSON.parse(policy)).toEqual({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::b/*" },
      { Effect: "Deny", Action: "s3:*", Resource: "*", Condition: inVpc },
    ],
  });
});

test("a trust policy names who may take on the role", () => {
  expect(JSON.parse(toTrustPolicy({ Service: "ec2.amazonaws.com" })).Statement).toEqual([
    { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
  ]);
});

test("a role is granted the same once", () => {
  const stack = synthesize((scope) => {
    const role = new IamRole(scope, "role", { assumeRolePolicy: toTrustPolicy({ Service: "ec2.amazonaws.com" }) });
    const read = [allow("s3:GetObject", "*")];
    expect(grant(role, "read", read)).toBe(grant(role, "read", read));
    grant(role, "list", [allow("s3:ListBucket", "*")], "list-buckets");
  });
  const policies = Object.values(stack.all("aws_iam_role_policy"));
  expect(policies.map(({ name }) => name)).toEqual(["list-buckets", undefined]);
});
