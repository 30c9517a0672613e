import type { Pattern } from "./patterns";

/** Terms that differ from those of AWS' Japanese documentation. Each has an example of both in japanese.test.ts. */
export const JAPANESE_PATTERNS: readonly Pattern[] = [
  { name: "元の文書", finds: /文書/g, instead: "the title with a link, then 記事 A to 記事 D" },
  { name: "アベイラビリティゾーン", finds: /アベイラビリティ(?!ー)/g, instead: "アベイラビリティーゾーン" },
  { name: "保存時の暗号化", finds: /保存時|通信時?[のも]暗号化/g, instead: "保管時の暗号化, 転送時の暗号化" },
  { name: "検査", finds: /検査/g, instead: "検証" },
  { name: "端末", finds: /端末/g, instead: "ターミナル" },
  { name: "ポートを許す", finds: /を(?:許す|許し)/g, instead: "6379 番ポートを許可する" },
  { name: "任意の秒", finds: /任意の秒/g, instead: "ポイントインタイムリカバリで任意の時点に復元" },
  { name: "使わないと終了", finds: /使わないと|使っていても|必ず終了/g, instead: "無操作時の期限, 最終期限" },
  { name: "ストアが持っている", finds: /が持っている/g, instead: "ストアに保存されているデータ" },
  { name: "失われたものはありません", finds: /失われたもの/g, instead: "データは失われていません" },
  { name: "要りません", finds: /要りません|要らな|要る/g, instead: "不要です, 必要です" },
  { name: "パスワードもありません", finds: /パスワードもあり/g, instead: "パスワードは不要です" },
  { name: "ログアウトします", finds: /\} はログアウトします/g, instead: "さんはログアウトされます" },
  { name: "ホームページ", finds: /ホーム(?:ページ|へ|$)/g, instead: "トップページ" },
  { name: "忙しい Redis", finds: /忙しい/g, instead: "負荷の高い Redis" },
  { name: "理由つき", finds: /(?:理由|署名|期限|トークン)つき/g, instead: "理由とともに, 署名付き" },
  { name: "クッキー", finds: /クッキー/g, instead: "Cookie" },
  { name: "利用者", finds: /利用者/g, instead: "ユーザー" },
  {
    name: "a Latin word or a number beside Japanese",
    finds: /[A-Za-z0-9][ぁ-んァ-ヶ一-龠]|[ぁ-んァ-ヶー一-龠][A-Za-z0-9]/g,
    instead: "a space between them",
  },
  {
    name: "a line break in a paragraph",
    finds: /[^|>]\n(?![|<\n]|- |\d+\. )/g,
    instead: "one line, since a page shows the break as a space",
  },
];
