import path from "node:path";
import * as z from "zod";
import { UserError } from "../../../environment/user-error";
import type { Configuration } from "../../terraform/configuration";

/** A function of a synthesized stack. */
export interface StackFunction {
  readonly name: string;
  /** Path of the zip with its code. */
  readonly zip: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMib: number;
  /** Reserved concurrency; undefined without one. */
  readonly mostAtOnce: number | undefined;
  /** The variables that are known before a deploy. References to attributes of other resources are not among them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of all variables, including those that are known only after a deploy. */
  readonly told: ReadonlySet<string>;
}

/** The parts of a table that its reader needs. */
export interface StackTable {
  readonly name: string;
  /** Name of its partition key, a string attribute. */
  readonly key: string;
}

/** The topology of source document C, from a synthesized stack. */
export interface LambdaStack {
  readonly region: string;
  /** The function behind the HTTP API. */
  readonly web: StackFunction;
  /** The functions that clients invoke by name. */
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
 * @param folder - folder of that file, which also contains the assets.
 * @throws {UserError} when there is no function behind an HTTP API, or a block has a value that this command does not support.
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
