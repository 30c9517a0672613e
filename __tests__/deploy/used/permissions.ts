import type { AppliedState } from "./state";

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

/** What the roles' own policies let them do. Policies AWS manages and conditions are not looked at. */
export class Permissions {
  readonly #state: AppliedState;

  constructor(state: AppliedState) {
    this.#state = state;
  }

  /**
   * @param role - its name or ARN.
   * @throws naming role, action and resource, when no statement allows it, or one denies it.
   */
  assertAllows(role: string, action: string, resource: string): void {
    const name = role.split("/").at(-1) as string;
    const policies = this.#state.all("aws_iam_role_policy").filter((policy) => policy.role === name);
    const matching = policies
      .flatMap(({ policy }): Statement[] => [JSON.parse(policy).Statement].flat())
      .filter(({ Action, Resource }) => matchesAny(Action, action) && matchesAny(Resource, resource));
    const allows = matching.some(({ Effect }) => Effect === "Allow");
    if (!allows || matching.some(({ Effect }) => Effect === "Deny")) {
      throw new Error(`role ${name} may not ${action} on ${resource}`);
    }
  }
}

/** `*` is any characters, `?` one. */
function matchesAny(patterns: string | readonly string[] | undefined, value: string): boolean {
  return [patterns ?? []].flat().some((pattern) => {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${escaped}$`).test(value);
  });
}
