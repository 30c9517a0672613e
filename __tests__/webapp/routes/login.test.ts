import type { Authentication } from "../../../webapp/login/authentication";
import { hashId } from "../../../webapp/session/session-id";
import { at, type HttpsVisitor, isLoggedIn, readId, type Served, serve } from "../security/served";

/** The same browser in another tab, or before an answer has come: the cookies and the form as they are now. */
async function copy(served: Served, visitor: HttpsVisitor, page: string): Promise<HttpsVisitor> {
  const other = at(served);
  for (const [name, value] of visitor.cookies) other.cookies.set(name, value);
  await other.get(page);
  return other;
}

describe("POST /logout and /invalidate", () => {
  it.each([
    { path: "/logout", to: "/" },
    { path: "/invalidate", to: "/index.html" },
  ])("$path is 303 for a second click, at once or later", async ({ path, to }) => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    const [second, third] = [await copy(served, ann, "/"), await copy(served, ann, "/")];
    const answers = await Promise.all([ann.post(path), second.post(path)]);
    answers.push(await third.post(path));
    expect(answers.map(({ status, headers }) => [status, headers.get("location")])).toEqual(Array(3).fill([303, to]));
    const logouts = served.lines.filter((line) => line.includes('"event":"logout"'));
    expect(logouts).toHaveLength(1);
  });

  it.each(["/logout", "/invalidate"])("%s is 303 after another tab has logged out, and after expiry", async (path) => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    const tab = await copy(served, ann, "/");
    await ann.post("/logout");
    tab.cookies.clear();
    expect((await tab.post(path)).status).toBe(303);

    const bob = at(served);
    await bob.login("bob");
    served.clock.now += 1801_000;
    expect((await bob.post(path)).status).toBe(303);
  });

  it.each(["/logout", "/invalidate"])(
    "%s touches no cookie of a browser that sent none: SameSite holds it back",
    async (path) => {
      const served = await serve();
      const answer = await at(served).post(path, { token: "forged" }, { "sec-fetch-site": "", origin: "" });
      expect(answer.status).toBe(303);
      expect(answer.setCookies).toEqual([]);
      expect(answer.headers.get("clear-site-data")).toBeNull();
    },
  );

  it.each(["/logout", "/invalidate"])(
    "%s of a logged-in visitor needs the form's token and this site",
    async (path) => {
      const served = await serve();
      const ann = at(served);
      await ann.login("ann");
      expect((await ann.post(path, { token: "" })).status).toBe(403);
      expect((await ann.post(path, {}, { origin: "https://evil.example" })).status).toBe(403);
      expect(await isLoggedIn(ann)).toBe(true);
    },
  );
});

describe("POST /session/end and /session/end-others", () => {
  it.each(["/session/end", "/session/end-others"])("%s is 303 when the visitor's session has ended", async (path) => {
    const served = await serve();
    const [ann, elsewhere] = [at(served), at(served)];
    await ann.login("ann");
    await elsewhere.login("ann");
    const { body } = await ann.get("/session");
    const [, reference = ""] = /name="reference" value="([^"]+)"/.exec(body) ?? [];
    const tab = await copy(served, ann, "/session");
    await ann.post("/logout");
    const answer = await tab.post(path, { reference });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/session"]);
    expect(await isLoggedIn(elsewhere)).toBe(true);
  });
});

describe("a login form sent twice", () => {
  /** A visitor with something in an anonymous session, and the login form open. */
  async function withCart(served: Served): Promise<HttpsVisitor> {
    const visitor = at(served);
    await visitor.get("/index.html");
    await visitor.post("/1");
    await visitor.get("/login");
    return visitor;
  }
  const hasCart = async ({ store }: Served, visitor: HttpsVisitor) =>
    (await store.peek(hashId(readId(visitor))))?.attributes.has("lastUpdate");

  it.each(["in parallel", "one after the other"])("%s keeps what the visitor had, in either answer", async (order) => {
    const served = await serve();
    const ann = await withCart(served);
    const second = await copy(served, ann, "/login");
    const send = [
      () => ann.post("/login", { username: "ann" }),
      () => second.post("/login", { username: "ann" }),
    ] as const;
    const answers =
      order === "in parallel" ? await Promise.all(send.map((post) => post())) : [await send[0](), await send[1]()];
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    for (const visitor of [ann, second])
      expect([await isLoggedIn(visitor), await hasCart(served, visitor)]).toEqual([true, true]);
  });

  it("with the first answer's cookie is 303 and leaves the session as it is", async () => {
    const served = await serve();
    const ann = await withCart(served);
    const form = await copy(served, ann, "/login");
    await ann.post("/login", { username: "ann" });
    form.cookies.clear();
    form.cookies.set("__Host-id", readId(ann));
    const answer = await form.post("/login", { username: "ann" });
    expect([answer.status, answer.headers.get("location"), answer.setCookies]).toEqual([303, "/", []]);
    expect([await isLoggedIn(ann), await hasCart(served, ann)]).toEqual([true, true]);
  });

  describe("to an app that knows users by other names than they type", () => {
    const byLowerCase: Authentication = {
      hasPassword: true,
      canFail: true,
      authenticate: async ({ username, password }) => (password === "right" ? username.toLowerCase() : undefined),
    };

    it("is 303 for a second click, and leaves the session as it is", async () => {
      const served = await serve({ authentication: byLowerCase });
      const ann = await withCart(served);
      const form = await copy(served, ann, "/login");
      await ann.post("/login", { username: "ANN", password: "right" });
      form.cookies.clear();
      form.cookies.set("__Host-id", readId(ann));
      const answer = await form.post("/login", { username: "ANN", password: "right" });
      expect([answer.status, answer.headers.get("location"), answer.setCookies]).toEqual([303, "/", []]);
      expect([await isLoggedIn(ann), await hasCart(served, ann)]).toEqual([true, true]);
    });

    it.each([
      ["another user", { username: "BOB", password: "right" }],
      ["a wrong password", { username: "ANN", password: "wrong" }],
    ])("is 403 for a form of %s that is not theirs", async (_, fields) => {
      const served = await serve({ authentication: byLowerCase });
      const ann = at(served);
      await ann.get("/login");
      const form = await copy(served, ann, "/login");
      await ann.post("/login", { username: "ANN", password: "right" });
      form.cookies.set("__Host-id", readId(ann));
      expect((await form.post("/login", fields)).status).toBe(403);
      expect((await ann.get("/")).body).toContain("Logged in as ann");
    });
  });

  it("logs in no other user by a form that is not theirs", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    const mallory = at(served);
    await mallory.get("/login");
    mallory.cookies.set("__Host-id", readId(ann));
    expect((await mallory.post("/login", { username: "mallory" })).status).toBe(403);
    expect((await ann.get("/")).body).toContain("Logged in as ann");
  });
});
