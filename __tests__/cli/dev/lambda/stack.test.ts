import { readLambdaStack } from "../../../../cli/dev/lambda/stack";
import { readConfiguration } from "../../../../cli/terraform/read-configuration";
import { synthesizeProgram } from "../../../synthesized/program";

const json = synthesizeProgram({ lambda: { reservedConcurrency: 50 } }, "session-lambda").get("session-lambda");
const parseStack = (): Record<string, Record<string, Record<string, object>>> => JSON.parse(json as string);

it("reads the functions of the synthesized stack: which one the API calls, their zips and their variables", () => {
  const { region, web, others, tables } = readLambdaStack(readConfiguration(JSON.stringify(parseStack())), "/stack");
  expect(region).toBe("ap-northeast-1");
  expect(web).toMatchObject({
    name: "session-lambda-web-app",
    zip: expect.stringMatching(/^\/stack\/assets\/.*\/session-lambda\.zip$/),
    handler: "session-lambda.handler",
    timeoutSeconds: 15,
    memoryMib: 1024,
    mostAtOnce: 50,
    variables: expect.objectContaining({ LOGIN: "demo", TRUST_PROXY: "0", SESSION_TTL: "1800" }),
  });
  expect(web.told).toContain("SECRET_KEY_ARN");
  expect(web.variables).not.toHaveProperty("SECRET_KEY_ARN");
  expect(others).toEqual([
    expect.objectContaining({
      name: "session-lambda-photo-cache-function",
      mostAtOnce: undefined,
      variables: expect.objectContaining({ PHOTO_TABLE: "session-lambda-photo-cache-Photo", PHOTO_KEY: "id" }),
    }),
  ]);
  expect(tables).toEqual([{ name: "session-lambda-photo-cache-Photo", key: "id" }]);
});

it("reads a stack without photos", () => {
  const { provider, resource: { aws_dynamodb_table: _, ...resource } = {} } = parseStack();
  const functions = Object.entries(resource.aws_lambda_function ?? {}).filter(([id]) => !id.startsWith("photo"));
  const stack = { provider, resource: { ...resource, aws_lambda_function: Object.fromEntries(functions) } };
  expect(readLambdaStack(readConfiguration(JSON.stringify(stack)), "/stack")).toMatchObject({ others: [], tables: [] });
});

it.each<[string, (stack: ReturnType<typeof parseStack>) => void, RegExp]>([
  ["no provider", (stack) => void delete stack.provider, /^region: takes /],
  [
    "no functions",
    ({ resource }) => void delete resource?.aws_lambda_function,
    /^resource\.aws_lambda_function: takes functions/,
  ],
  [
    "no API",
    ({ resource }) => void delete resource?.aws_apigatewayv2_integration,
    /aws_apigatewayv2_integration: takes an HTTP API/,
  ],
  [
    "an API that calls none of its functions",
    ({ resource }) => {
      for (const api of Object.values(resource?.aws_apigatewayv2_integration ?? {})) {
        Object.assign(api, { integration_uri: "arn:aws:lambda:elsewhere" });
      }
    },
    /^aws_apigatewayv2_integration: got 0 functions of the stack that an HTTP API calls, takes one/,
  ],
])("refuses a stack with %s", (_what, spoil, says) => {
  const stack = parseStack();
  spoil(stack);
  expect(() => readLambdaStack(readConfiguration(JSON.stringify(stack)), "/stack")).toThrow(says);
});
