import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** What the app sends and reads: its pages, style and icon, text, forms, and what the body parser asks after. */
const TYPES: ReadonlySet<string> = new Set([
  "application/json",
  "application/octet-stream",
  "application/x-www-form-urlencoded",
  "application/xml",
  "image/svg+xml",
  "multipart/form-data",
  "text/css",
  "text/html",
  "text/javascript",
  "text/plain",
  "text/xml",
]);

/** The limiters the login throttle counts with. The package's own index loads one for each database there is. */
const LIMITERS = ["RateLimiterMemory", "RateLimiterRedis", "RateLimiterRes"];

const NOT_IN_BUNDLE =
  "AWS credentials by SSO, by `aws login` or by an assumed role are not in this bundle: " +
  "put them into the environment (aws configure export-credentials --format env)";

/**
 * koa-session asks a zod of its own, an older one and 60 KB, for the defaults of its options alone: what it is given beside
 * them, types have checked.
 */
const DEFAULTS_OF_OPTIONS = `
  const schema = (value) => ({
    value,
    default: (it) => schema(typeof it === "function" ? it() : it),
    optional: () => schema(value),
    args: () => schema(),
    returns: () => schema(),
  });
  const any = () => schema();
  const defaults = (shape) => Object.entries(shape).flatMap(([key, { value }]) => value === undefined ? [] : [[key, value]]);
  const object = (shape) => ({ ...schema(), parse: () => Object.fromEntries(defaults(shape)) });
  export default {
    object, any, string: any, number: any, boolean: any, literal: any, union: any, function: any, promise: any, void: any,
  };
`;

/** Files of packages (path below node_modules), and what stands for them in the bundle. */
const INSTEAD: readonly (readonly [filter: RegExp, contents: string])[] = [
  [/iconv-lite[\\/]encodings[\\/]tables[\\/][\w-]+\.json$/, "module.exports = []"],
  [/iconv-lite[\\/]encodings[\\/](sbcs-data|sbcs-data-generated|dbcs-codec|dbcs-data)\.js$/, ""],
  [
    /rate-limiter-flexible[\\/]index\.js$/,
    LIMITERS.map((name) => `exports.${name} = require("./lib/${name}");`).join(""),
  ],
  // What the AWS SDK trades one kind of credentials for another with.
  [/@aws-sdk[\\/](nested-clients|credential-provider-login)[\\/]/, `throw new Error(${JSON.stringify(NOT_IN_BUNDLE)})`],
  // koa-session takes one checksum of its twenty.
  [/crc[\\/]index\.js$/, 'import crc32 from "./crc32"; export default { crc32 };'],
  [/koa-session[\\/]node_modules[\\/]zod[\\/]index\.js$/, DEFAULTS_OF_OPTIONS],
  // Kinds of metrics the app has none of, and the traces they can name.
  [/prom-client[\\/]lib[\\/](summary|pushgateway|cluster)\.js$/, ""],
  [/@opentelemetry[\\/]api[\\/]/, ""],
  // Asked before every command and every route whether DEBUG wants to know; it would print passwords.
  [
    /debug[\\/]src[\\/]index\.js$/,
    "exports = module.exports = () => Object.assign(() => undefined, { enabled: false }); exports.default = exports",
  ],
  // For logs written by another thread.
  [/thread-stream[\\/]index\.js$/, ""],
  // For the words of an error that a form's parser does not make, and for writing forms.
  [/object-inspect[\\/]index\.js$/, "module.exports = String"],
  [/qs[\\/]lib[\\/]stringify\.js$/, ""],
  // For types of forms beyond the parser's own: it is given none.
  [/lodash\.merge[\\/]index\.js$/, "module.exports = Object.assign"],
  // An older one beside Koa's own.
  [/http-assert[\\/]node_modules[\\/]http-errors[\\/]index\.js$/, 'module.exports = require("../../../http-errors")'],
  // Certificates of another vendor's Redis.
  [/ioredis[\\/]built[\\/]constants[\\/]TLSProfiles\.js$/, "exports.default = {}"],
];

/**
 * Leaves out of the bundle, half of it, what the app loads and never asks: of mime-db all but the types above, of iconv-lite
 * the character sets beyond Unicode and Latin-1, the limiters of other databases, and the rest of the table. Forms are
 * UTF-8, as the pages that hold them: the body parser decodes nothing else, whatever a request says of its charset.
 */
export const onlyWhatIsUsed: Plugin = {
  name: "only what is used",
  setup(build) {
    build.onLoad({ filter: /[\\/]mime-db[\\/]db\.json$/ }, async ({ path }) => {
      const all = Object.entries(JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>);
      return { contents: JSON.stringify(Object.fromEntries(all.filter(([type]) => TYPES.has(type)))), loader: "json" };
    });
    for (const [file, contents] of INSTEAD) {
      const filter = new RegExp(`[\\\\/]node_modules[\\\\/]${file.source}`);
      build.onLoad({ filter }, () => ({ contents, loader: "js" }));
    }
  },
};

/**
 * Lambda hands a function its role's credentials as environment variables: of the SDK's chain only that is left, and not
 * what asks instances, containers, files and sign-in pages.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const onlyRoleCredentials: Plugin = {
  name: "only a function's role",
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]credential-provider-node[\\/]dist-(es|cjs)[\\/]index\.js$/ }, () => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
    }));
  },
};
