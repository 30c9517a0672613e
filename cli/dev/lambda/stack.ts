import path from "node:path";
import * as z from "zod";
import { UserError } from "../../../environment/user-error";
import type { Configuration } from "../../terraform/configuration";

/** A function of a synthesized stack. */
export interface StackFunction {
  readonly name: string;
  /** Path of its code. */
  readonly zip: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMib: number;
  /** @default - as many as the account allows */
  readonly mostAtOnce: number | undefined;
  /** As far as they are known before a deploy: what refers to another resource's attribute is left out. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of all variables, those left out too. */
  readonly told: ReadonlySet<string>;
}

/** A table, as far as it matters to who reads it. */
export interface StackTable {
  readonly name: string;
  /** Its partition key, a text. */
  readonly key: string;
}

/** Document C's topology as Terraform describes it. */
export interface LambdaStack {
  readonly region: string;
  /** What the HTTP API calls. */
  readonly web: StackFunction;
  /** What is invoked by name. */
  readonly others: readonly StackFunction[];
  readonly tables: readonly StackTable[];
}

const functionBlock = z.object({
  function_name: z.string("a name"),
  filename: z.string("the path of a zip"),
  handler: z.string("a handler"),
  timeout: z.number().default(3),
  memory_size: z.number().default(128),
  reserved_concurrent_executions: z.number().optional(),
  environment: z.object({ variables: z.record(z.string(), z.string()) }).prefault({ variables: {} }),
});

const stackBlocks = z.object({
  aws_lambda_function: z.record(z.string(), functionBlock, "functions"),
  aws_apigatewayv2_integration: z.record(z.string(), z.object({ integration_uri: z.string() }), "an HTTP API"),
  aws_dynamodb_table: z.record(z.string(), z.object({ name: z.string(), hash_key: z.string() })).default({}),
});

/**
 * The functions of a synthesized stack (`cdk.tf.json`).
 *
 * @param folder - where that file lies: its assets lie below.
 * @throws {UserError} when there is no function behind an HTTP API, or a block says what is not played here.
 */
export function readLambdaStack(stack: Configuration, folder: string): LambdaStack {
  const { region } = stack;
  const parsed = z
    .object({ region: z.string("the region of an AWS provider"), resource: stackBlocks })
    .safeParse({ region, resource: stack.byType() });
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path: at, message }) => `${at.join(".")}: takes ${message}`);
    throw new UserError(lines.join("\n"));
  }
  const { resource: blocks } = parsed.data;
  const tables = Object.entries(blocks.aws_dynamodb_table);
  const names = new Map(tables.map(([id, { name }]) => [`\${aws_dynamodb_table.${id}.name}`, name]));
  const functions = Object.entries(blocks.aws_lambda_function).map(([id, block]) => {
    const { variables } = block.environment;
    const known = Object.entries(variables)
      .map(([name, value]) => [name, names.get(value) ?? value] as const)
      .filter(([, value]) => !value.includes("${"));
    const made: StackFunction = {
      name: block.function_name,
      zip: path.resolve(folder, block.filename),
      handler: block.handler,
      timeoutSeconds: block.timeout,
      memoryMib: block.memory_size,
      mostAtOnce: block.reserved_concurrent_executions,
      variables: Object.fromEntries(known),
      told: new Set(Object.keys(variables)),
    };
    return { id, made };
  });
  const called = Object.values(blocks.aws_apigatewayv2_integration).map(({ integration_uri: uri }) => uri);
  const behindApi = functions.filter(({ id }) => called.includes(`\${aws_lambda_function.${id}.invoke_arn}`));
  const [web] = behindApi;
  if (web === undefined || behindApi.length > 1) {
    throw new UserError(
      `aws_apigatewayv2_integration: got ${behindApi.length} functions of the stack that an HTTP API calls, takes one`,
    );
  }
  return {
    region: parsed.data.region,
    web: web.made,
    others: functions.filter((each) => each !== web).map(({ made }) => made),
    tables: tables.map(([, { name, hash_key: key }]) => ({ name, key })),
  };
}
