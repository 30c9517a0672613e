import Koa from "koa";
import { z } from "zod";
import { createSessions, MemoryStore } from "../../../webapp/session";
import type * as Older from "./older";

jest.mock("koa-session", () => jest.requireActual<typeof Older>("./older").requireOlder("koa-session"));

describe("koa-session 6 in place of 7", () => {
  it("is refused at the start, with its name", () => {
    const options = { store: new MemoryStore({ idleSeconds: 60, maxAgeSeconds: 600 }), cookie: { secure: false } };
    expect(() => createSessions(new Koa(), { ...options, schema: z.object({}) })).toThrow(
      "koa-session: got version 6 or older, allowed: 7",
    );
  });
});
