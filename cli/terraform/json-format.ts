import * as z from "zod";
import { UserError } from "../../environment/user-error";
import type { Backend, Value, Values } from "./configuration";

/** Arguments of a resource by name. Each provider has its own, so the schema does not check them. */
const values = z.custom<Values>(isObject, "takes an object");
const value = z.custom<Value>(() => true);

const plannedModule = z.object({
  resources: z
    .array(z.object({ address: z.string(), mode: z.string(), type: z.string(), values: values.optional() }))
    .optional(),
  get child_modules(): z.ZodOptional<z.ZodArray<typeof plannedModule>> {
    return z.array(plannedModule).optional();
  },
});

const configuredModule = z.object({
  resources: z.array(z.object({ address: z.string(), expressions: values.optional() })).optional(),
  get module_calls(): z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodObject<{ module: typeof configuredModule }>>> {
    return z.record(z.string(), z.object({ module: configuredModule })).optional();
  },
});

const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string(),
  type: z.string(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: values.nullish(),
    after: values.nullish(),
    after_unknown: values.optional(),
    before_sensitive: value.optional(),
    after_sensitive: value.optional(),
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
    importing: z.object({ id: z.string().optional() }).optional(),
  }),
});

/** A plan: https://developer.hashicorp.com/terraform/internals/json-format */
const plan = z.object({
  errored: z.boolean().optional(),
  /** False where another plan has to follow; Terraform before 1.8 does not say. */
  complete: z.boolean().optional(),
  planned_values: z.object({ root_module: plannedModule }),
  configuration: z.object({ root_module: configuredModule }),
  resource_changes: z.array(resourceChange).optional(),
  resource_drift: z.array(resourceChange).optional(),
  /** Outputs of the root module. */
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()), before: value.optional() })).optional(),
  /** Changes that Terraform left for another plan. */
  deferred_changes: z
    .array(z.object({ reason: z.string(), resource_change: z.object({ address: z.string(), type: z.string() }) }))
    .optional(),
});

/** A synthesized stack: https://developer.hashicorp.com/terraform/language/syntax/json */
const synthesized = z.object({
  "//": z.object({ metadata: z.object({ stackName: z.string().optional() }).optional() }).optional(),
  provider: z.object({ aws: z.array(z.object({ region: z.string().optional() })).optional() }).optional(),
  terraform: z
    .object({
      backend: z.custom<Backend>(isObject, "takes an object").optional(),
      cloud: z.custom<object>(isObject, "takes an object").optional(),
    })
    .optional(),
  resource: z.record(z.string(), z.record(z.string(), values)).optional(),
  locals: values.optional(),
});

/** A plan as `terraform show -json` writes it. */
export type PlanJson = z.infer<typeof plan>;
/** A change that a plan makes of one resource. */
export type ResourceChange = z.infer<typeof resourceChange>;
/** A module as its configuration writes it. */
export type ConfiguredModule = z.infer<typeof configuredModule>;
/** A module as it will be after an apply of the plan. */
export type PlannedModule = z.infer<typeof plannedModule>;
/** A stack as cdktf and cdktn write it. */
export type SynthesizedJson = z.infer<typeof synthesized>;

/** Whether JSON is meant to be a plan. */
export function isPlan(json: unknown): boolean {
  return isObject(json) && "planned_values" in json && "configuration" in json;
}

/** Whether JSON is meant to be a synthesized stack. */
export function isSynthesized(json: unknown): boolean {
  return isObject(json) && ("resource" in json || "terraform" in json);
}

/** @throws {UserError} with the path of the first part that does not have the form of a plan. */
export function checkPlan(json: unknown): PlanJson {
  return check(plan, json, "a plan of `terraform show -json`");
}

/** @throws {UserError} with the path of the first part that does not have the form of a synthesized stack. */
export function checkSynthesized(json: unknown): SynthesizedJson {
  return check(synthesized, json, "a synthesized stack (cdk.tf.json)");
}

/**
 * Parses JSON with or without a byte order mark, which PowerShell writes.
 *
 * @throws {UserError} for anything else. The message does not quote the text: a plan holds sensitive values as they are.
 */
export function parseJson(json: string): unknown {
  const text = json.replace(/^\uFEFF/, "");
  const isWrapped = text.startsWith("[command]");
  try {
    return JSON.parse(isWrapped ? unwrap(text) : text);
  } catch {
    const fix = isWrapped
      ? ", with lines of the terraform wrapper: set terraform_wrapper: false in setup-terraform"
      : "";
    throw new UserError(`got no JSON (${json.length} characters)${fix}`);
  }
}

/**
 * Takes off the lines that setup-terraform's wrapper prints on GitHub: the command before the output, and workflow commands
 * after it.
 *
 * @see https://github.com/hashicorp/setup-terraform/issues/20
 */
function unwrap(text: string): string {
  return text.replace(/^\[command\].*\r?\n/, "").replace(/(\r?\n::[\w-]+.*)+\s*$/, "");
}

function check<T>(schema: z.ZodType<T>, json: unknown, what: string): T {
  // A command reads one file, so compiling the schema would take longer than it saves.
  const { error } = schema.safeParse(json, { jitless: true });
  const [issue] = error?.issues ?? [];
  // The JSON itself keeps the parts that the schema does not name; the schema's copy would lose them.
  if (issue === undefined) return json as T;
  throw new UserError(`${issue.path.join(".")}: got JSON that is not ${what}: ${issue.message}`);
}

function isObject(json: unknown): json is object {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
