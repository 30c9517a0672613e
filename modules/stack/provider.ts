import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  Aspects,
  type TerraformResource as Resource,
  TerraformDataSource,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import type { IConstruct } from "constructs";
import { objectWith, type PropTypes, ValidationError } from "../validation";

/** The provider prop, which constructs and Terraform's resources have. */
export interface ProviderProps {
  /**
   * The AWS provider of all resources of the construct: a provider with an alias, for another region or account.
   * @default - the provider of the construct around this one, or else the stack's provider without an alias
   */
  readonly provider?: TerraformProvider;
}

/** Types of the props of {@link ProviderProps}. */
export const PROVIDER_PROPS: PropTypes<ProviderProps> = {
  provider: objectWith("an AWS provider", "give one that new AwsProvider() made", "terraformResourceType"),
};

const PROVIDER = "cdktf-session-store:provider";

/**
 * Gives a provider to everything below a construct that names none itself. Call it before the construct has children.
 *
 * @throws {ValidationError} when it is no AWS provider, or one of another stack.
 */
export function useProvider(construct: IConstruct, { provider }: ProviderProps): void {
  if (provider === undefined) return;
  checkProvider(construct, provider);
  construct.node.setContext(PROVIDER, provider);
  Aspects.of(construct).add({
    visit: (node) => {
      if (!isAwsResource(node) || node.provider !== undefined) return;
      const nearest = findProvider(node);
      if (nearest !== undefined) node.provider = nearest;
    },
  });
}

/**
 * The AWS provider a construct gets from its own props, or from the construct around it; else the stack's one without an
 * alias, wherever in the stack it was created, as Terraform has it. Where all have an alias, resources are given theirs one
 * by one, by an Aspect as a rule: then it is the first, as long as all are of one region.
 */
export function findProvider(construct: IConstruct): AwsProvider | undefined {
  const given: unknown = construct.node.tryGetContext(PROVIDER);
  if (isAwsProvider(given)) return given;
  const providers = listProviders(construct);
  const [first] = providers;
  const isOneRegion = providers.every(({ region }) => region === first?.region);
  return findDefault(providers) ?? (isOneRegion ? first : undefined);
}

/** All AWS providers of a construct's stack. */
export function listProviders(construct: IConstruct): AwsProvider[] {
  return TerraformStack.of(construct).node.findAll().filter(isAwsProvider);
}

/** Constructs, by stack, and the provider they were created for. */
const expected = new WeakMap<TerraformStack, Map<IConstruct, AwsProvider>>();

/**
 * Notes that what a construct creates is made for a provider's region. An Aspect can give its resources another provider
 * later; a synthesis is refused then, because zones, endpoints and ARNs would be those of the wrong region.
 */
export function expectProvider(construct: IConstruct, provider: AwsProvider): void {
  const stack = TerraformStack.of(construct);
  const known = expected.get(stack) ?? new Map<IConstruct, AwsProvider>();
  if (!expected.has(stack)) {
    expected.set(stack, known);
    stack.node.addValidation({ validate: () => findOtherRegions(stack, known) });
  }
  known.set(construct, provider);
}

function findOtherRegions(stack: TerraformStack, known: ReadonlyMap<IConstruct, AwsProvider>): string[] {
  const fallback = findDefault(listProviders(stack));
  return stack.node
    .findAll()
    .filter(isAwsResource)
    .flatMap((resource) => {
      const owner = resource.node.scopes.toReversed().find((scope) => known.has(scope));
      const wanted = owner && known.get(owner);
      const provider = resource.provider ?? fallback;
      if (owner === undefined || wanted === undefined) return [];
      if (isAwsProvider(provider) && (provider === wanted || provider.region === wanted.region)) return [];
      const got = isAwsProvider(provider) ? describe(provider) : "none: each AWS provider of the stack has an alias";
      const { message } = new ValidationError(resource, {
        what: "provider",
        got,
        allowed: `one of ${wanted.region}, for which ${owner.node.path} was created`,
        fix: "give the construct the prop provider, in place of an Aspect that sets it",
      });
      return [message];
    })
    .slice(0, 1);
}

function checkProvider(construct: IConstruct, provider: TerraformProvider): void {
  const fix = `give one that is created by new AwsProvider(stack, "aws-osaka", { region, alias }) in the construct's stack`;
  if (!isAwsProvider(provider)) {
    throw new ValidationError(construct, {
      what: "provider",
      got: TerraformProvider.isTerraformProvider(provider) ? provider.node.path : typeof provider,
      allowed: "a provider for AWS",
      fix,
    });
  }
  const [own, other] = [TerraformStack.of(construct), TerraformStack.of(provider)];
  if (own === other) return;
  throw new ValidationError(construct, {
    what: "provider",
    got: `${provider.node.path}, of the stack ${other.node.path}`,
    allowed: `a provider of the stack ${own.node.path}: each stack is a configuration of its own`,
    fix,
  });
}

function describe(provider: AwsProvider): string {
  return `${["aws", provider.alias].filter(Boolean).join(".")} of ${provider.region ?? "no region"}`;
}

function findDefault(providers: readonly AwsProvider[]): AwsProvider | undefined {
  return providers.find(({ alias }) => alias === undefined);
}

/** Compares types instead of classes, because a program can have another copy of the bindings, with another class. */
function isAwsProvider(value: unknown): value is AwsProvider {
  return TerraformProvider.isTerraformProvider(value) && value.terraformResourceType === "aws";
}

function isAwsResource(node: IConstruct): node is Resource {
  const isElement = TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node);
  return isElement && node.terraformGeneratorMetadata?.providerName === "aws";
}
