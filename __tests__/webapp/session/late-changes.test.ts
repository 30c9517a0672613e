import { inspect } from "node:util";
import { MemoryStore } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { asUser, data, LONG, type Route, serve } from "./session-app";

type Data = { [name: string]: unknown; cart: string[]; box: { size: number; in?: { deep: string[] } } };

/** A write as sloppy code does it: plain CommonJS has no "use strict", and ignores what strict code would throw for. */
const sloppy = (code: string) => new Function("data", "cart", "box", code) as (...args: unknown[]) => void;

const WRITES: readonly [what: string, write: (...args: unknown[]) => void][] = [
  ["an assignment", sloppy("data.colour = 'late'")],
  ["a new attribute", sloppy("data.visits = 7")],
  ["a deletion", sloppy("delete data.colour")],
  ["a definition", sloppy("Object.defineProperty(data, 'colour', { value: 'late' })")],
  ["Object.assign", sloppy("Object.assign(data, { colour: 'late' })")],
  ["another prototype", sloppy("Object.setPrototypeOf(data, {})")],
  ["data.cart.push", sloppy("data.cart.push('late')")],
  ["cart.push of an array that was read before", sloppy("cart.push('late')")],
  ["an element", sloppy("cart[0] = 'late'")],
  ["a length", sloppy("cart.length = 0")],
  ["a sort", sloppy("cart.sort()")],
  ["a property of an object", sloppy("box.size = 9")],
  ["a property that is new in an object", sloppy("box.late = 9")],
  ["a deletion in an object", sloppy("delete box.size")],
  ["an element at depth three", sloppy("box.in.deep[0] = 'late'")],
  ["ctx.session", sloppy("data.constructor.name; data.box = { size: 9 }")],
];

describe("a change after the commit", () => {
  const fill: Route = (ctx, sessions) => {
    const own = sessions.of(ctx).data as Data;
    own.colour = "red";
    own.cart = ["b", "a"];
    own.box = { size: 1, in: { deep: ["x"] } };
  };

  /** Reads a session in one request, and does something with it when the answer has left. */
  async function late(act: (own: Data) => void, before: (own: Data) => void = () => {}) {
    const caught: unknown[] = [];
    const hold: Route = (ctx, sessions) => {
      const own = sessions.of(ctx).data as Data;
      before(own);
      ctx.res.once("close", () => {
        try {
          act(own);
          caught.push("taken");
        } catch (error) {
          caught.push(error);
        }
      });
    };
    const served = await serve({ "/fill": fill, "/hold": hold, "/": data }, new MemoryStore(LONG));
    const ann = served.visitor();
    await ann.get("/fill");
    const stored = (await ann.get("/")).body;
    await ann.get("/hold");
    await until(() => caught.length > 0, "the late change");
    return { error: caught[0], stored, now: (await ann.get("/")).body };
  }

  it.each(WRITES)("throws in sloppy code too, with the attribute: %s", async (_what, write) => {
    let held: unknown[] = [];
    const { error, stored, now } = await late(
      () => write(...held),
      (own) => {
        held = [own, own.cart, own.box];
      },
    );
    expect(error).toMatchObject({ name: "SessionDataError" });
    expect((error as Error).message).toMatch(
      /^session: (colour|visits|cart|box|__proto__) changed after it was committed/,
    );
    expect(now).toBe(stored);
  });

  it("throws for an array of the handler's own that it has assigned", async () => {
    const cart = ["tea"];
    const { error } = await late(
      () => cart.push("late"),
      (own) => {
        own.cart = cart;
      },
    );
    expect(error).toBeInstanceOf(TypeError);
  });

  it("throws for what is inside an object that the handler has frozen and assigned", async () => {
    const { error } = await late(
      (own) => own.box.in?.deep.push("late"),
      (own) => {
        own.box = Object.freeze({ size: 1, in: { deep: ["x"] } });
      },
    );
    expect(error).toBeInstanceOf(TypeError);
  });

  it("throws while the commit is under way, and what the handler did before is stored", async () => {
    const caught: unknown[] = [];
    const store = new MemoryStore(LONG);
    const counted: unknown[] = [];
    const act: Route = (ctx, sessions) => {
      const session = sessions.of(ctx);
      session.data.colour = "red";
      const update = store.update.bind(store);
      store.update = (...args) => {
        try {
          session.data.colour = "late";
        } catch (error) {
          caught.push((error as Error).name);
        }
        return update(...args);
      };
      void session.increment("visits").then((value) => counted.push(value));
    };
    const { visitor, errors } = await serve({ "/login": asUser, "/act": act, "/": data }, store);
    const ann = visitor();
    await ann.get("/login?user=ann");
    expect((await ann.get("/act")).status).toBe(200);
    expect([caught, counted, errors]).toEqual([["SessionDataError"], [1], []]);
    expect(JSON.parse((await ann.get("/")).body)).toEqual({ user: "ann", colour: "red", visits: 1 });
  });

  it("still lets the data be read", async () => {
    let seen: unknown;
    await late((own) => {
      seen = [own.cart.map((item) => item), JSON.stringify(own.box), { ...own.box }.size, Array.isArray(own.cart)];
    });
    expect(seen).toEqual([["b", "a"], '{"size":1,"in":{"deep":["x"]}}', 1, true]);
  });
});

describe("session.data", () => {
  const run = async (act: Route) => {
    const served = await serve({ "/login": asUser, "/act": act, "/": data }, new MemoryStore(LONG));
    const ann = served.visitor();
    await ann.get("/login?user=ann");
    const answer = await ann.get("/act");
    return { ...served, answer, data: JSON.parse((await ann.get("/")).body) };
  };

  it("is one object for the whole request, a login and a new id included, and is ctx.session", async () => {
    const outcome = await run(async (ctx, sessions) => {
      const session = sessions.of(ctx);
      const own = session.data;
      await session.login("ann");
      own.colour = "red";
      await session.renew();
      own.cart = ["tea"];
      own.cart.push("milk");
      return { same: own === session.data && own === ctx.session, shown: inspect(own) };
    });
    expect(outcome.data).toEqual({ user: "ann", colour: "red", cart: ["tea", "milk"] });
    expect(JSON.parse(outcome.answer.body)).toEqual({ same: true, shown: expect.stringContaining("milk") });
  });

  it("refuses a change of an array that was read before a new id, and of any data after logout", async () => {
    const messages: string[] = [];
    const attempt = (change: () => void) => {
      try {
        change();
      } catch (error) {
        messages.push((error as Error).message);
      }
    };
    await run(async (ctx, sessions) => {
      const session = sessions.of(ctx);
      const own = session.data;
      own.cart = ["tea"];
      const { cart } = own;
      await session.renew();
      attempt(() => cart?.push("late"));
      session.logout();
      attempt(() => {
        own.colour = "red";
      });
    });
    expect(messages).toEqual([
      "session: cart: read before login() or renew(), and changed after it: read it again",
      "session: colour: changed after logout",
    ]);
  });

  it("stores values that were read from it and assigned to it again", async () => {
    const outcome = await run((ctx, sessions) => {
      const session = sessions.of(ctx);
      (session.data as Data).box = { size: 1, in: { deep: [] } };
      const { box } = session.data as Data;
      ctx.session = { ...ctx.session, cart: ["tea"] };
      box.in?.deep.push("x");
      (session.data as Data).cart.push("milk");
      (session.data as Data).box = { ...box, size: 2 };
    });
    expect(outcome.errors).toEqual([]);
    expect(outcome.data).toEqual({ user: "ann", cart: ["tea", "milk"], box: { size: 2, in: { deep: ["x"] } } });
  });

  it("stores a new object around a part of one that an earlier request has stored", async () => {
    const fill: Route = (ctx, sessions) => {
      (sessions.of(ctx).data as Data).box = { size: 1, in: { deep: ["x"] } };
    };
    const grow: Route = (ctx, sessions) => {
      const own = sessions.of(ctx).data as Data;
      own.box = { ...own.box, size: 2 };
    };
    const served = await serve({ "/fill": fill, "/grow": grow, "/": data }, new MemoryStore(LONG));
    const ann = served.visitor();
    await ann.get("/fill");
    expect((await ann.get("/grow")).status).toBe(200);
    expect(served.errors).toEqual([]);
    expect(JSON.parse((await ann.get("/")).body)).toEqual({ box: { size: 2, in: { deep: ["x"] } } });
  });

  it("keeps koa-session's own members at work", async () => {
    const outcome = await run((ctx, sessions) => {
      const { data: own } = sessions.of(ctx);
      const names = [Object.keys(own).includes("user"), "user" in own, own instanceof Object];
      return {
        id: ctx.session.externalKey.length,
        maxAge: ctx.session.maxAge,
        populated: ctx.session.populated,
        names,
      };
    });
    expect(JSON.parse(outcome.answer.body)).toEqual({
      id: 43,
      maxAge: 600_000,
      populated: true,
      names: [true, true, true],
    });
  });
});
