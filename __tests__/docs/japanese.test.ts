import { findIn } from "./words/check";
import { JAPANESE_PATTERNS } from "./words/japanese";

/** For each pattern a sentence that has it, and one in the terms of AWS' Japanese documentation. */
const EXAMPLES: readonly (readonly [pattern: string, has: string, plain: string])[] = [
  ["元の文書", "元の文書では `keys *` を使用します。", "記事 A では `keys *` を使用します。"],
  ["アベイラビリティゾーン", "2 つのアベイラビリティゾーン。", "2 つのアベイラビリティーゾーン。"],
  ["保存時の暗号化", "保存時も通信も暗号化します。", "保管時と転送時の暗号化を使用します。"],
  ["検査", "ハッシュを検査します。", "ハッシュを検証します。"],
  ["端末", "2 つ目の端末で起動します。", "2 つ目のターミナルで起動します。"],
  ["ポートを許す", "6379 番ポートを許すルール。", "6379 番ポートを許可するルール。"],
  ["任意の秒", "任意の秒に復元できます。", "ポイントインタイムリカバリで任意の時点に復元できます。"],
  ["使わないと終了", "使わないと終了", "無操作時の期限"],
  ["ストアが持っている", "ストアが持っているもの", "ストアに保存されているデータ"],
  ["失われたものはありません", "失われたものはありません。", "データは失われていません。"],
  ["要りません", "ログインは要りません。", "ログインは不要です。"],
  ["パスワードもありません", "パスワードもありません。", "パスワードは不要です。"],
  ["ログアウトします", "$" + "{name} はログアウトします。", "$" + "{name} さんはログアウトされます。"],
  ["ホームページ", "ホームページを取得します。", "トップページを取得します。"],
  ["忙しい Redis", "忙しい Redis では待たされます。", "負荷の高い Redis では待たされます。"],
  ["理由つき", "フォームは理由つきで戻ります。", "理由とともにフォームが再表示されます。"],
  ["クッキー", "署名付きクッキー", "署名付き Cookie"],
  ["利用者", "同じ利用者になります。", "同じユーザーになります。"],
  ["a Latin word or a number beside Japanese", "Redisの 3つのキー。", "Redis の 3 つのキー。"],
  ["a line break in a paragraph", "セッションを\n保存します。", "- セッション\n- `キー`\n\n保存します。"],
];

const namesIn = (file: string, text: string) => [...new Set(findIn(file, text).map(({ pattern }) => pattern.name))];

describe("the check of Japanese words", () => {
  it.each(EXAMPLES)("finds %s", (pattern, has, plain) => {
    expect(namesIn("page.ja.md", has)).toEqual([pattern]);
    expect(namesIn("page.ja.md", plain)).toEqual([]);
  });

  it("has an example for each pattern", () => {
    expect(EXAMPLES.map(([name]) => name)).toEqual(JAPANESE_PATTERNS.map(({ name }) => name));
  });

  it("tells the line in a table", () => {
    expect(findIn("page.ja.md", "| a |\n|---|\n| 端末 |\n")).toMatchObject([{ line: 3, words: "端末" }]);
  });

  it("reads the texts of the app, and leaves blocks and titles of other pages alone", () => {
    expect(namesIn("languages/japanese.ts", 'home: "ホームへ",\nname: `端末`,\n')).toEqual(["ホームページ", "端末"]);
    expect(namesIn("page.ja.md", "```sh\necho 端末\n```\n「[RedisでWEB](https://example.org/)」です。\n")).toEqual([]);
  });
});
