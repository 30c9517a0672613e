import { bodyParser } from "@koa/bodyparser";
import { Refusal } from "../refusal";

/** Longest form, in bytes as sent; longer ones are 413. */
const LIMIT = "8kb";

/** Reads a form into `ctx.request.body`; other content types leave it empty. */
export function readForm() {
  return bodyParser({
    enableTypes: ["form"],
    formLimit: LIMIT,
    // Bytes that are not what their headers say are the sender's mistake.
    onError(error, ctx) {
      const { status } = error as { status?: number };
      if (status !== undefined && status > 400 && status < 500) ctx.throw(status);
      throw new Refusal(400, ({ refusals }) => refusals.unreadableForm);
    },
  });
}

/** A form's fields; empty for a request that carries no form. */
export function parseFields(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
}
