import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { UserError } from "../../../environment/user-error";
import { HAS_ARN } from "../../../modules/has-arn";
import { BOOLEAN, NUMBER, type PropType, TEXT, TEXT_AT_SYNTH } from "../../../modules/validation";
import { SAMPLES } from "./constructs";
import { Parts, type Sample } from "./parts";

/** A prop, or a part of one, and the token that goes there. */
interface Place {
  /** Name of the prop first. */
  readonly path: readonly string[];
  readonly put: (variable: TerraformVariable) => unknown;
}

/** Every place that takes a value: props, props of objects in them, lists and records themselves, and their elements. */
function listPlaces(types: Readonly<Record<string, PropType>>, path: readonly string[] = []): Place[] {
  return Object.entries(types).flatMap(([name, type]) => placesOf(type, [...path, name]));
}

function placesOf(type: PropType, path: readonly string[]): Place[] {
  const { takes, element, props } = type;
  if (takes === TEXT.takes || takes === TEXT_AT_SYNTH.takes) return [{ path, put: ({ stringValue }) => stringValue }];
  if (takes === NUMBER.takes) return [{ path, put: ({ numberValue }) => numberValue }];
  if (takes === BOOLEAN.takes) return [{ path, put: ({ booleanValue }) => booleanValue }];
  if (takes === HAS_ARN.takes) return [{ path, put: ({ stringValue }) => ({ arn: stringValue }) }];
  if (props !== undefined) return listPlaces(props, path);
  if (element === undefined) return [];
  const isList = takes.startsWith("a list");
  const whole = ({ fqn, listValue }: TerraformVariable) => (isList ? listValue : Token.asStringMap(fqn));
  const one: Place[] =
    element.takes === TEXT.takes ? [{ path: [...path, isList ? "0" : keyOf(path)], put: (v) => v.stringValue }] : [];
  return [{ path, put: whole }, ...one];
}

/** A key that the record takes. */
function keyOf([name]: readonly string[]): string {
  return name === "endpoints" ? "secretsmanager" : "maxmemory-samples";
}

/** A value in a copy of props. */
function putAt(props: unknown, [key = "", ...rest]: readonly string[], value: unknown): unknown {
  const inner = rest.length === 0 ? value : putAt((props as Record<string, unknown> | undefined)?.[key], rest, value);
  if (/^\d+$/.test(key)) return [inner];
  return { ...(props as object | undefined), [key]: inner };
}

/** Values that the template of the construct alone does not hold. */
const NOT_IN_TEMPLATE = new Set([
  "LoadBalancer domainName",
  "Instances balanced.loadBalancerArnSuffix",
  "Instances balanced.targetGroupArnSuffix",
  "RedisCluster existingUserGroup.passwordKeyArn",
  "RedisServerlessCache existingUserGroup.passwordKeyArn",
]);

function run({ types, props, make, beside = {} }: Sample) {
  const stack = new TerraformStack(Testing.app(), "s");
  new AwsProvider(stack, "aws", { region: "ap-northeast-1" });
  const parts = new Parts(stack);
  const refused = new Map<string, Error>();
  const passed = new Map<string, string>();
  for (const [index, { path, put }] of listPlaces(types).entries()) {
    const place = path.join(".");
    const variable = new TerraformVariable(stack, `v${index}x`, {});
    const whole = putAt({ ...props(parts), ...beside[path[0] as string] }, path, put(variable));
    try {
      make(stack, `p${index}`, whole as never);
      passed.set(place, `v${index}x`);
    } catch (error) {
      refused.set(place, error as Error);
    }
  }
  return { refused, passed, text: JSON.stringify(stack.toTerraform()) };
}

describe.each(Object.entries(SAMPLES))("each prop of %s, as a token", (name, sample) => {
  const { refused, passed, text } = run(sample);

  it("is in the template, or refused by its name because it must be known at synth", () => {
    for (const [place, error] of refused) {
      const { message } = error;
      expect([place, error]).toEqual([place, expect.any(UserError)]);
      expect([place, message]).toEqual([place, expect.stringMatching(/known only after deployment|known at synth/)]);
      expect([place, message]).toEqual([place, expect.not.stringMatching(/TfToken|e\+\d\d/)]);
    }
    for (const [place, variable] of passed) {
      if (NOT_IN_TEMPLATE.has(`${name} ${place}`)) continue;
      expect([place, text.includes(`var.${variable}`)]).toEqual([place, true]);
    }
  });

  it("leaves no token in the template", () => {
    expect(text).not.toMatch(/TfToken|\de\+[23]\d\d/);
  });
});
