import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { Extractor, ExtractorConfig, type ExtractorMessage } from "@microsoft/api-extractor";
import { type ApiEntryPoint, type ApiItem, ApiItemKind, ApiPackage } from "@microsoft/api-extractor-model";
import { TSDocConfigFile } from "@microsoft/tsdoc-config";
import { FailedError } from "../../../cli/machine/failed-error";
import { run } from "../../../cli/machine/programs";
import { ROOT } from "../../../cli/machine/root";
import * as constructs from "../../../modules";
import * as redis from "../../../webapp/redis";
import * as session from "../../../webapp/session";

const DECLARATIONS = path.join(ROOT, "dist", "api");
const TSC = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");

/** The API that users of one import see. */
export interface PublicApi {
  /** Every signature: what a review sees change. */
  readonly report: string;
  /** The same to be walked, with its docstrings. */
  readonly model: ApiEntryPoint;
  /** Names of classes and other values of which the package exports the type alone. */
  readonly typeOnly: ReadonlySet<string>;
  /** Names in a signature that cannot be imported. */
  readonly unreachable: readonly string[];
}

/** The sources of one import of the package. */
interface Import {
  readonly name: string;
  /** Of the compiler, which writes its declarations. */
  readonly settings: string;
  /** Where below the declarations; its index is the entry. */
  readonly folder: string;
  readonly rootedAt: string;
  /** The values that a program gets from the import. */
  readonly values: object;
}

/** The constructs: the package's main import. */
export const CONSTRUCTS: Import = {
  name: "constructs",
  settings: "modules",
  folder: "modules",
  rootedAt: ".",
  values: constructs,
};
/** The session layer: the import `/session`. */
export const SESSION: Import = {
  name: "session",
  settings: "webapp/session",
  folder: "session",
  rootedAt: "session",
  values: session,
};

/** The client of Redis: the import `/redis`. */
export const REDIS: Import = {
  name: "redis",
  settings: "webapp/redis",
  folder: "webapp/redis",
  rootedAt: ".",
  values: redis,
};

/** Reads an import's public API out of the declarations that its package would have. @throws {FailedError} */
export async function extract({ name, settings, folder, rootedAt, values }: Import): Promise<PublicApi> {
  // Declarations of files that have moved since would be read beside the new ones.
  rmSync(path.join(DECLARATIONS, folder), { recursive: true, force: true });
  const emit = [TSC, "-p", settings, "--emitDeclarationOnly", "--outDir", path.join(DECLARATIONS, rootedAt)];
  const { code } = await run(process.execPath, emit, { cwd: ROOT, isShown: true });
  if (code !== 0) throw new FailedError(`the compiler ended with ${code}: see above`);
  const reports = path.join(DECLARATIONS, "reports");
  mkdirSync(reports, { recursive: true });
  const modelFile = path.join(reports, `${name}.api.json`);
  const unreachable: string[] = [];
  Extractor.invoke(configured(name, path.join(DECLARATIONS, folder, "index.d.ts"), reports, modelFile), {
    localBuild: true,
    messageCallback(message: ExtractorMessage) {
      message.handled = true;
      // How environment/ works its types out of schemas is its own.
      const isOurs = message.sourceFilePath?.includes(`/${folder}/`) ?? false;
      if (message.messageId === "ae-forgotten-export" && isOurs) unreachable.push(message.text);
    },
  });
  const model = ApiPackage.loadFromJsonFile(modelFile).entryPoints[0] as ApiEntryPoint;
  const typeOnly = findTypeOnly(model.members, values);
  const report = readFileSync(path.join(reports, `${name}.api.md`), "utf8");
  return { report: markTypeOnly(report, typeOnly), model, typeOnly, unreachable };
}

const VALUES: readonly ApiItemKind[] = [ApiItemKind.Class, ApiItemKind.Function, ApiItemKind.Variable];

/** The model does not tell `export type` from `export`. */
function findTypeOnly(items: readonly ApiItem[], values: object): ReadonlySet<string> {
  const names = items.filter(({ kind }) => VALUES.includes(kind)).map(({ displayName }) => displayName);
  return new Set(names.filter((name) => !(name in values)));
}

function markTypeOnly(report: string, typeOnly: ReadonlySet<string>): string {
  return report.replaceAll(/^(export (?:abstract )?(?:class|function|const) (\w+))/gm, (line, _, name: string) =>
    typeOnly.has(name) ? `// A type only\n${line}` : line,
  );
}

function configured(name: string, entry: string, reports: string, modelFile: string): ExtractorConfig {
  const compilerOptions = { target: "es2022", module: "node16", moduleResolution: "node16", types: ["node"] };
  return ExtractorConfig.prepare({
    // Where such a file would lie: there is none.
    configObjectFullPath: path.join(ROOT, "api-extractor.json"),
    packageJsonFullPath: path.join(ROOT, "package.json"),
    tsdocConfigFile: TSDocConfigFile.loadFile(path.join(__dirname, "tsdoc.json")),
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: entry,
      newlineKind: "lf",
      compiler: { overrideTsconfig: { compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: [entry] } },
      apiReport: { enabled: true, reportFileName: name, reportFolder: reports, reportTempFolder: `${reports}/before` },
      docModel: { enabled: true, apiJsonFilePath: modelFile },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: {
          "ae-forgotten-export": { logLevel: "warning" as never },
          "ae-undocumented": { logLevel: "none" as never },
          "ae-missing-release-tag": { logLevel: "none" as never },
        },
      },
    },
  });
}
