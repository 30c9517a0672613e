import { findExisting } from "../terraform/existing-resources";
import { readConfiguration } from "../terraform/read-configuration";
import { describeLostState, describeOtherAccount, OTHER_CREDENTIALS, RESTORE_STATE } from "../terraform/require-state";
import { type State, type StateOwner, UnreadableStateError } from "../terraform/state";
import { requireSavedState } from "../terraform/unsaved-state";
import type { Advice } from "./advice";
import { describeError, type Finding, fail, inOneLine, ok } from "./finding";

const BY_ADDRESS = "--url <address> looks at the site without its state";

/** A stack whose state is examined. */
interface ExaminedStack {
  readonly stack: StateOwner;
  /** The folder in which Terraform runs, where a state that could not be saved is. */
  readonly folder: string;
  readonly region: string;
  /** Whether AWS knows the credentials. */
  readonly identity: Finding;
  readonly advice: Pick<Advice, "deploy">;
}

interface ExaminedState {
  /** Undefined where there is none to examine further. */
  readonly state?: State;
  readonly finding: Finding;
}

/**
 * Examines the state of a stack. It advises a deploy only if AWS has no resource of the stack.
 *
 * @param read - reads the state: that of a stack of this repository, or that of any program
 */
export async function examineState(
  examined: ExaminedStack,
  read: (stack: StateOwner) => Promise<State | undefined>,
): Promise<ExaminedState> {
  const { stack, folder, region, identity } = examined;
  try {
    requireSavedState({ folder });
    const state = await read(stack);
    if (state === undefined || state.isEmpty) return { finding: await examineEmptyState(examined) };
    const mismatch = identity.status === "ok" ? await describeOtherAccount(state, region) : undefined;
    if (mismatch !== undefined) return { finding: fail("state", mismatch, OTHER_CREDENTIALS) };
    return { state, finding: ok("state", `${state.from}, with ${state.addresses.length} resources`) };
  } catch (error) {
    if (error instanceof UnreadableStateError) {
      return { finding: fail("state", error.says, `deploy nothing from it; ${error.wayOut}`) };
    }
    return { finding: fail("state", describeError(error), BY_ADDRESS) };
  }
}

async function examineEmptyState({ stack, region, identity, advice }: ExaminedStack): Promise<Finding> {
  if (identity.status !== "ok") {
    const says = "empty, and AWS can't be asked whether the stack is there: see above";
    return fail("state", says, BY_ADDRESS);
  }
  const { resources } = readConfiguration(stack.text);
  const { found, refusals } = await findExisting({ resources }, { region, principalOnly: true });
  if (found.length > 0) return fail("state", describeLostState(stack, found), RESTORE_STATE);
  if (refusals.length > 0) {
    const says = `empty, and AWS did not say whether the stack is there: ${inOneLine(String(refusals[0]))}`;
    return fail("state", says, BY_ADDRESS);
  }
  return fail("state", "empty: the stack is not deployed", advice.deploy);
}
