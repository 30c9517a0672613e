import { MemoryStore } from "../../../webapp/session";
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
});
