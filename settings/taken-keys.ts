import * as z from "zod";

/** A part of the JSON Schema that zod makes of the settings. */
export interface Node {
  readonly type?: string;
  readonly default?: unknown;
  /** The default in words, where it depends on something. */
  readonly otherwise?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
}

/** The keys a schema takes at a place in what it is given, the path as in zod's issues; none where it can't be told. */
export function takenKeys(schema: z.ZodType, place: readonly string[]): string[] {
  return Object.keys(findObject(findNode(schema, place))?.properties ?? {});
}

/** Whether null is a value at a place. */
export function takesNull(schema: z.ZodType, place: readonly string[]): boolean {
  return findNode(schema, place)?.anyOf?.some(({ type }) => type === "null") ?? false;
}

function findNode(schema: z.ZodType, place: readonly string[]): Node | undefined {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node;
  return place.reduce<Node | undefined>((at, key) => below(at, key), root);
}

function below(node: Node | undefined, key: string): Node | undefined {
  const object = findObject(node);
  const more = object?.additionalProperties;
  return object?.properties?.[key] ?? (typeof more === "object" ? more : object?.items);
}

/** Where null is taken too, the other one. */
export function findObject(node: Node | undefined): Node | undefined {
  return node?.anyOf?.find(({ properties, items }) => properties ?? items) ?? node;
}
