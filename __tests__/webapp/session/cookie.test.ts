import { runInNewContext } from "node:vm";
import { MemoryStore } from "../../../webapp/session";
import { SessionCookie } from "../../../webapp/session/cookie";
import { asUser, LONG, serve, setRed, who } from "./session-app";

describe("the cookie", () => {
  it.each([
    ["one that is too short before it", (good: string) => `id=short; id=${good}`],
    ["one that is too short behind it", (good: string) => `id=${good}; id=short`],
    ["an empty one before it", (good: string) => `id=; id=${good}`],
    ["one of another name that ends like it", (good: string) => `xid=${"a".repeat(43)};id=${good}`],
    ["quotes around it", (good: string) => `id="short"; id="${good}"`],
    ["blanks around it", (good: string) => `a=b;  id = short ; id=${good} `],
  ])("is read with %s", async (_what, header) => {
    const { visitor } = await serve({ "/login": asUser, "/set": setRed, "/": who }, new MemoryStore(LONG));
    const ann = visitor();
    await ann.get("/login?user=ann");
    const cookie = header(ann.cookies.get("id") as string);
    expect((await visitor().get("/", { cookie })).body).toBe("ann");
    expect((await visitor().get("/set", { cookie })).setCookies).toEqual([]);
  });

  it("is read in no time from a header of 15 KB of blanks", () => {
    const cookie = new SessionCookie({ secure: false });
    const good = "a".repeat(43);
    const header = `a=b;${" ".repeat(15_000)}x; id=${good}`;
    const read = `cookie.read({ req: { headers: { cookie: header } } })`;
    // A pattern that goes back and forth over the blanks takes minutes: it ends with an error here.
    expect(runInNewContext(read, { cookie, header }, { timeout: 5000 })).toBe(good);
  });
});
