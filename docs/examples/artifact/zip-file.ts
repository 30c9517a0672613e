// The code of your own Lambda function. The zip has the same bytes on every machine, so a plan shows changes of the code alone.
import path from "node:path";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { App, Fn } from "cdktf";
import { SessionStack, ZipFile } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
const role = new IamRole(stack, "role", {
  namePrefix: "hello-",
  assumeRolePolicy: Fn.jsonencode({ Version: "2012-10-17", Statement: [trust] }),
});
const code = new ZipFile(stack, "code", { path: path.join(__dirname, "..", "hello.js") });
new LambdaFunction(stack, "hello", {
  functionName: "hello",
  role: role.arn,
  runtime: "nodejs22.x",
  handler: "hello.handler",
  filename: code.path,
  sourceCodeHash: code.sha256Base64,
});
app.synth();
