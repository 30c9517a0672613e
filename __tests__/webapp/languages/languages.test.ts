import http from "node:http";
import { text } from "node:stream/consumers";
import { ENGLISH } from "../../../webapp/languages";
import { JAPANESE } from "../../../webapp/languages/japanese";
import { StoreError } from "../../../webapp/session";
import type { Visitor } from "../../programs/visitor";
import { at, type Served, serve } from "../security/served";

const readLanguage = (html: string) => /<html lang="(\w+)">/.exec(html)?.[1];
const readText = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
/** The texts that a screen reader says and no page shows. */
const readLabels = (html: string) => [...html.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label).join(" / ");

describe("the language of a page", () => {
  it.each([
    { asks: "", gets: "en" },
    { asks: "*", gets: "en" },
    { asks: "en-GB,en;q=0.9,ja;q=0.8", gets: "en" },
    { asks: "ja", gets: "ja" },
    { asks: "ja-JP,ja;q=0.9,en-US;q=0.8", gets: "ja" },
    { asks: "JA", gets: "ja" },
    { asks: "en;q=0.5, ja;q=0.9", gets: "ja" },
    { asks: "de, ja;q=0.3", gets: "ja" },
    { asks: "de, *;q=0.1", gets: "en" },
    { asks: "de", gets: "en" },
    { asks: "ja;q=0", gets: "en" },
    { asks: ";;,ja;q=x,\u00e9", gets: "en" },
  ])("is $gets for a browser that asks for $asks", async ({ asks, gets }) => {
    const ann = at(await serve());
    for (const path of ["/", "/nope"]) {
      const { headers, body } = await ann.get(path, { "accept-language": asks });
      expect([path, readLanguage(body), headers.get("content-language")]).toEqual([path, gets, gets]);
      expect(headers.get("vary")).toBe("Accept-Language");
    }
  });

  it("is English for a program that asks for none", async () => {
    const { app } = await serve();
    // Node's fetch would ask for "*".
    const answer = await new Promise<http.IncomingMessage>((resolve) => http.get(app.url, resolve));
    expect(readLanguage(await text(answer))).toBe("en");
  });

  it("is found at the end of a header of 10 KB", async () => {
    const ann = at(await serve());
    expect(readLanguage((await ann.get("/", { "accept-language": `${"x-y, ".repeat(2000)}ja` })).body)).toBe("ja");
  });

  it("is nothing to what is in none: style, icon and health", async () => {
    const ann = at(await serve());
    for (const path of ["/style.css", "/favicon.svg", "/healthz"]) {
      const { headers } = await ann.get(path, { "accept-language": "ja" });
      expect([path, headers.get("vary"), headers.get("content-language")]).toEqual([path, null, null]);
    }
  });
});

/** A visitor whose browser asks for Japanese. */
function japanese(served: Served): Visitor {
  const visitor = at(served);
  const { send } = visitor;
  visitor.send = (method, path, headers, body) =>
    send.call(visitor, method, path, { "accept-language": "ja", ...headers }, body);
  return visitor;
}

describe("in Japanese", () => {
  /** Two English words in a row; names of hosts, keys and units are single words. */
  const ENGLISH_WORDS = /\b[A-Za-z]{2,} [A-Za-z]{2,}\b/;
  const expectJapanese = ({ body }: { body: string }, words: string) => {
    expect(body).toContain('<html lang="ja">');
    expect(readText(body)).toContain(words);
    expect(`${readText(body)} ${readLabels(body)}`).not.toMatch(ENGLISH_WORDS);
  };

  it("are all pages of a visitor's way, to the last word", async () => {
    const served = await serve();
    const [ann, elsewhere] = [japanese(served), japanese(served)];
    expectJapanese(await ann.get("/"), "ログインしていません");
    expectJapanese(await ann.get("/session"), "セッションはありません");
    expectJapanese(await ann.get("/index.html"), "セッションはまだありません");
    expectJapanese(await ann.post("/index.html", { container: "9" }), "ページ 1 または 2 を選択してください。");
    await ann.post("/1", { container: "1" });
    expectJapanese(await ann.get("/1"), "ページ 1：ホスト a-host から返されました。");
    expectJapanese(await ann.get("/login"), "これはデモ用のログインです。");
    expectJapanese(await ann.post("/login", { username: "" }), "名前を入力してください。");
    expectJapanese(await ann.post("/login", { username: "x".repeat(65) }), "64 文字以内で入力してください。");
    expectJapanese(await ann.post("/login", { username: "a\u0000" }), "使用できない文字が含まれています。");
    await elsewhere.login("ann");
    const home = await ann.login("ann");
    expectJapanese(home, "ann としてログインしています");
    expect(readText(home.body)).toContain("訪問回数： 1 ");
    const own = await ann.get("/session");
    expectJapanese(own, "ストアに保存されているデータ");
    expectJapanese(own, "30 分間操作がないと終了");
    expectJapanese(own, "無操作時の期限");
    expectJapanese(own, "最終期限");
    expectJapanese(await ann.get("/2"), "ann さんはログアウトされます");
  });

  it("are all errors", async () => {
    const served = await serve({ limits: { perMinute: 3, refusedPerMinute: 20 }, limit: 1, onLimit: "refuse" });
    const ann = japanese(served);
    await ann.login("ann");
    expectJapanese(await ann.send("GET", "//[", {}), "ページが見つかりません");
    expectJapanese(await ann.get("/nope"), "ページが見つかりません");
    expectJapanese(await ann.get("/logout"), "この操作はできません");
    expectJapanese(await ann.post("/logout", { token: "" }), "フォームの有効期限が切れています。");
    expectJapanese(await ann.post("/logout", {}, { origin: "https://evil.example" }), "別のサイトから");
    expectJapanese(await ann.post("/login", { username: "x".repeat(10_000) }), "短くしてから送信してください。");
    expectJapanese(await ann.post("/login", {}, { "content-encoding": "gzip" }), "フォームを読み取れませんでした。");
    const second = japanese(served);
    await second.get("/login");
    expectJapanese(await second.post("/login", { username: "ann" }), "すでに 1 か所でログインしています。");
    await second.post("/login", { username: "ann" });
    expectJapanese(await second.post("/login", { username: "ann" }), "秒後にもう一度お試しください。");
    served.store.load = () => Promise.reject(new StoreError("load", new Error("away")));
    expectJapanese(await ann.get("/"), "現在、セッションストアに接続できません。データは失われていません。");
    served.store.load = () => Promise.reject(new Error("a fault"));
    expectJapanese(await ann.get("/"), "原因はサーバー側にあります。");
  });
});

describe.each([
  {
    texts: ENGLISH,
    time: "21 Nov 2026, 09:05:07 UTC",
    amounts: ["0 s", "59 s", "1 min", "1 min 1 s", "2 h", "11 h 59 min"],
  },
  {
    texts: JAPANESE,
    time: "2026 年 11 月 21 日 09:05:07 UTC",
    amounts: ["0 秒", "59 秒", "1 分", "1 分 1 秒", "2 時間", "11 時間 59 分"],
  },
])("times in $texts.tag", ({ texts, time, amounts }) => {
  it("are a date and a clock", () => {
    expect(texts.time(Date.UTC(2026, 10, 21, 9, 5, 7, 999))).toBe(time);
  });

  it("last for their two largest units", () => {
    const seconds = [-5, 59, 60, 61, 7200, 43_199];
    expect(seconds.map((count) => texts.duration(count * 1000))).toEqual(amounts);
  });
});
