/** Whether a link of a way is there; `unknown` where the plan does not tell. */
export type Answer = "open" | "closed" | "unknown";

/** One step of a way: a listener that forwards, a rule that lets in, a policy that allows. */
export interface Link {
  readonly answer: Answer;
  /** The step, in the same words before and after a plan. */
  readonly what: string;
  /** Address of the resource that makes it, where one does. */
  readonly by?: string;
  /** Why it is closed. */
  readonly why?: string;
}

/** A link that is there. @param by - address of the resource that makes it */
export function openLink(what: string, by?: string): Link {
  return { answer: "open", what, ...(by !== undefined && { by }) };
}

/** A way is as open as its least open link. */
export function combineLinks(links: readonly Link[]): Answer {
  if (links.some(({ answer }) => answer === "closed")) return "closed";
  return links.every(({ answer }) => answer === "open") ? "open" : "unknown";
}

/** Several ways to the same end: one that is open is enough. */
export function combineWays(answers: readonly Answer[]): Answer {
  if (answers.includes("open")) return "open";
  return answers.includes("unknown") ? "unknown" : "closed";
}
