import { UserError } from "../../environment/user-error";
import { type Backend, Configuration, type Resource, type Value, type Values } from "./configuration";
import {
  type ConfiguredModule,
  checkPlan,
  checkSynthesized,
  isPlan,
  isSynthesized,
  type PlanJson,
  type PlannedModule,
  parseJson,
  type SynthesizedJson,
} from "./json-format";
import { plannedValues, readConstant } from "./planned-values";

/**
 * The resources of a plan (`terraform show -json plan.out`) or of a synthesized stack (`cdk.tf.json`).
 *
 * @throws {UserError} for anything else.
 */
export function readConfiguration(json: string): Configuration {
  const parsed = parseJson(json);
  if (isPlan(parsed)) return readPlannedConfiguration(checkPlan(parsed));
  if (isSynthesized(parsed)) return synthesizedStack(checkSynthesized(parsed));
  throw new UserError("got JSON that is neither a plan (terraform show -json) nor a synthesized stack (cdk.tf.json)");
}

/** The resources of a plan that is parsed and checked. */
export function readPlannedConfiguration(plan: PlanJson): Configuration {
  return new Configuration(plannedResources(plan));
}

function plannedResources({ planned_values, configuration, resource_changes = [] }: PlanJson): Resource[] {
  const expressions = new Map<string, Values>();
  collect(configuration.root_module, "", expressions);
  const unknown = new Map(
    resource_changes
      .filter(({ deposed }) => deposed === undefined)
      .map(({ address, change }) => [address, change.after_unknown ?? {}]),
  );
  return flatten(planned_values.root_module)
    .filter(({ mode }) => mode === "managed")
    .map(({ address, type, values }) => {
      // With count and for_each many instances share one configuration.
      const written = expressions.get(address.replaceAll(/\[[^\]]*\]/g, "")) ?? {};
      const module = /^(module\.[^[\]]+(\[[^\]]*\])?\.)*/.exec(address)?.[0] ?? "";
      return {
        address,
        type,
        values: plannedValues({
          ...(values && { values }),
          unknown: unknown.get(address) ?? {},
          expressions: written,
        }),
        refersTo: (argument) => collectReferences(written[argument], module),
        written: (argument) => readConstant(written[argument]),
      };
    });
}

function flatten(module: PlannedModule): NonNullable<PlannedModule["resources"]> {
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(flatten)];
}

function collect(module: ConfiguredModule, prefix: string, into: Map<string, Values>): void {
  for (const { address, expressions = {} } of module.resources ?? []) into.set(prefix + address, expressions);
  for (const [name, call] of Object.entries(module.module_calls ?? {})) {
    collect(call.module, `${prefix}module.${name}.`, into);
  }
}

/** A plan names references as `type.name.attribute` and as `type.name`. */
function collectReferences(expression: Value | undefined, module: string): string[] {
  if (typeof expression !== "object" || expression === null) return [];
  if (Array.isArray(expression)) return expression.flatMap((item) => collectReferences(item, module));
  return Object.entries(expression).flatMap(([key, value]) =>
    key === "references" ? listAddresses(value).map((address) => module + address) : collectReferences(value, module),
  );
}

function listAddresses(references: Value): string[] {
  return [...new Set([references].flat().flatMap((one) => (typeof one === "string" ? [addressIn(one)] : [])))];
}

function addressIn(reference: string): string {
  return reference
    .split(".")
    .slice(0, 2)
    .join(".")
    .replaceAll(/\[[^\]]*\]/g, "");
}

function synthesizedStack(stack: SynthesizedJson): Configuration {
  return new Configuration(synthesizedResources(stack), {
    name: stack["//"]?.metadata?.stackName,
    region: stack.provider?.aws?.[0]?.region,
    backend: readBackend(stack),
  });
}

function readBackend({ terraform: { backend, cloud } = {} }: SynthesizedJson): Backend | undefined {
  return cloud === undefined ? backend : { cloud };
}

function synthesizedResources({ resource = {}, locals = {} }: SynthesizedJson): Resource[] {
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, values]) => ({
      address: `${type}.${name}`,
      type,
      path: constructPath(values),
      values: withLocals(values, locals),
      refersTo: (argument: string) => interpolated(values[argument], locals),
      written: (argument: string) => values[argument],
    })),
  );
}

/** The construct path that cdktf notes beside each resource, without its first part, which is the stack. */
function constructPath(values: Values): string | undefined {
  const { metadata } = (values["//"] ?? {}) as { readonly metadata?: { readonly path?: unknown } | null };
  const path = metadata?.path;
  return typeof path === "string" ? path.split("/").slice(1).join("/") || undefined : undefined;
}

const LOCAL = /^\$\{(?:(base64encode)\(local\.([\w-]+)\)|local\.([\w-]+))\}$/;

/** Arguments that are a local, or a local in base64, get the text of the local: Terraform keeps scripts there. */
function withLocals(values: Values, locals: Values): Values {
  const read = (value: Value): Value => {
    const [, encoding, encoded, plain] = (typeof value === "string" && LOCAL.exec(value)) || [];
    const text = locals[encoded ?? plain ?? ""];
    if (typeof text !== "string") return value;
    return encoding === undefined ? text : Buffer.from(text).toString("base64");
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, read(value)]));
}

const INTERPOLATED = /\b((?:aws|data)[a-z0-9_]*|local)\.([A-Za-z0-9_-]+)/g;

function interpolated(value: Value | undefined, locals: Values): string[] {
  if (typeof value === "string") {
    const inside = [...value.matchAll(/\$\{([^}]*)\}/g)].map(([, text]) => text as string).join(" ");
    return [...inside.matchAll(INTERPOLATED)].flatMap(([address, type, name]) =>
      type === "local" ? interpolated(locals[name as string], {}) : [address],
    );
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((item) => interpolated(item as Value, locals));
}
