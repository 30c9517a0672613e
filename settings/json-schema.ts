import * as z from "zod";
import { CDKTF_KEYS, schema, stateBucket } from "./schema";
import { serverless } from "./serverless";

/** JSON Schema of draft 7, which every editor reads. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

const TO_SCHEMA = { type: "string", description: "Path or address of this file's JSON Schema" } as const;
/** Settings that take a short form in place of an object, and its type. zod reads it into the object before it is checked. */
const SHORT_FORMS = new Map<unknown, "string" | "boolean">([
  [stateBucket, "string"],
  [serverless, "boolean"],
]);
const OF_CDKTF = { description: "A setting of cdktf itself" };

/**
 * JSON Schema of a cdktf.json. It checks each setting by itself; rules between settings are checked by the commands.
 *
 * @see https://json-schema.org/draft-07/json-schema-validation
 */
export function buildCdktfSchema(): JsonSchema {
  const { $schema, properties, ...context } = describeSettings();
  const ofCdktf = Object.fromEntries([...CDKTF_KEYS].map((key) => [key, OF_CDKTF]));
  return {
    ...($schema !== undefined && { $schema }),
    title: "cdktf.json of cdktf-session-store",
    type: "object",
    properties: {
      $schema: TO_SCHEMA,
      context: {
        description: "Settings: docs/settings.md",
        ...context,
        properties: { ...properties, ...ofCdktf },
      },
    },
    required: ["context"],
  };
}

/**
 * JSON Schema of a file for `--settings`. Such a file counts key by key over cdktf.json, so that no key is required, and
 * null takes a key out.
 */
export function buildSettingsFileSchema(): JsonSchema {
  const { $schema, properties, ...settings } = toOverrides(describeSettings());
  return {
    ...($schema !== undefined && { $schema }),
    title: "Settings of cdktf-session-store for one command",
    ...settings,
    properties: { $schema: TO_SCHEMA, ...properties },
  };
}

function describeSettings(): JsonSchema {
  const { "~standard": _, ...settings } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    target: "draft-7",
    override({ zodSchema, jsonSchema }) {
      const { otherwise, description } = jsonSchema;
      delete jsonSchema.otherwise;
      if (typeof otherwise === "string") jsonSchema.description = `${description}. Default: ${otherwise}`;
      const type = SHORT_FORMS.get(zodSchema);
      if (type === undefined) return;
      const object = { ...jsonSchema };
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      jsonSchema.anyOf = [{ type }, object];
    },
  });
  return settings;
}

/** The same for a file of which each key is optional, in objects at any depth. A list counts as a whole, and stays as it is. */
function toOverrides(node: JsonSchema): JsonSchema {
  const { required: _, properties, additionalProperties, anyOf, oneOf, ...rest } = node;
  const alternatives = anyOf ?? oneOf;
  return {
    ...rest,
    ...(properties !== undefined && { properties: mapValues(properties, toOptional) }),
    ...(additionalProperties !== undefined && { additionalProperties: toOptional(additionalProperties) }),
    ...(alternatives !== undefined && { anyOf: alternatives.map(toOverrides) }),
  };
}

/** With null, which takes the key out. */
function toOptional(node: z.core.JSONSchema._JSONSchema): z.core.JSONSchema._JSONSchema {
  if (typeof node === "boolean") return node;
  const { description, default: initial, ...rest } = toOverrides(node);
  const said = {
    ...(description !== undefined && { description }),
    ...(initial !== undefined && { default: initial }),
  };
  const alternatives = Object.keys(rest).join() === "anyOf" && rest.anyOf !== undefined ? rest.anyOf : [rest];
  const takesNull = alternatives.some(({ type }) => type === "null");
  return { ...said, anyOf: [...alternatives, ...(takesNull ? [] : [{ type: "null" as const }])] };
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
