import { readFileSync } from "node:fs";
import path from "node:path";
import { getLanguageService, type JSONDocument, TextDocument } from "vscode-json-languageservice";
import { buildCdktfSchema, buildSettingsFileSchema, type JsonSchema, readContext, readSettings } from "../../settings";

const ROOT = path.join(__dirname, "..", "..");
const read = (name: string) => readFileSync(path.join(ROOT, name), "utf8");
const CDKTF = "docs/cdktf.schema.json";
const SETTINGS = "docs/settings.schema.json";

/** VS Code's own service for JSON, in a workspace that is this repository. */
const editor = getLanguageService({
  workspaceContext: { resolveRelativePath: (relative, resource) => new URL(relative, resource).href },
  schemaRequestService: async (uri) => readFileSync(new URL(uri), "utf8"),
});

function open(name: string, text: string): [TextDocument, JSONDocument] {
  const document = TextDocument.create(new URL(name, `file://${ROOT}/`).href, "json", 1, text);
  return [document, editor.parseJSONDocument(document)];
}

async function findProblems(name: string, text: string): Promise<unknown[]> {
  const problems = await editor.doValidation(...open(name, text), { schemaValidation: "error" });
  return problems.map(({ message }) => message);
}

/** @param text - with `|` where the cursor is */
async function complete(name: string, text: string): Promise<string[]> {
  const at = text.indexOf("|");
  const [document, json] = open(name, text.replace("|", ""));
  const list = await editor.doComplete(document, document.positionAt(at), json);
  return list?.items.map(({ label }) => label) ?? [];
}

const withSettings = (settings: object) => {
  const cdktf = JSON.parse(read("cdktf.json"));
  return JSON.stringify({ ...cdktf, context: { ...cdktf.context, ...settings } });
};
const asFile = (settings: object) => JSON.stringify({ $schema: `./${SETTINGS}`, ...settings });

it("are in docs as the settings make them; npm run settings -- --write makes them", () => {
  expect(JSON.parse(read(CDKTF))).toEqual(buildCdktfSchema());
  expect(JSON.parse(read(SETTINGS))).toEqual(buildSettingsFileSchema());
});

it("describe every key", () => {
  const findBare = (node: JsonSchema, place: string): string[] => {
    const below = Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
      if (typeof child === "boolean") return [];
      return [...(child.description ? [] : [`${place}.${key}`]), ...findBare(child, `${place}.${key}`)];
    });
    const items = [node.items, node.additionalProperties, ...(node.anyOf ?? []), ...(node.oneOf ?? [])].flat();
    return [...below, ...items.flatMap((one) => (typeof one === "object" ? findBare(one, place) : []))];
  };
  expect(findBare(buildCdktfSchema(), "")).toEqual([]);
  expect(findBare(buildSettingsFileSchema(), "")).toEqual([]);
});

describe("an editor", () => {
  it("has nothing to say about this repository's cdktf.json, which names its schema", async () => {
    expect(JSON.parse(read("cdktf.json")).$schema).toBe(`./${CDKTF}`);
    expect(await findProblems("cdktf.json", read("cdktf.json"))).toEqual([]);
  });

  it("completes keys and values, and describes them with their defaults", async () => {
    const inRedis = `{"$schema":"./${CDKTF}","context":{"redis":{|}}}`;
    expect(await complete("cdktf.json", inRedis)).toEqual(expect.arrayContaining(["nodeType", "shards", "engine"]));
    expect(await complete("prod.json", `{"$schema":"./${SETTINGS}","nat":|}`)).toEqual(
      expect.arrayContaining(['"none"', '"single"', '"per-zone"']),
    );
    const [document, json] = open("prod.json", asFile({ nat: "none" }));
    const hover = await editor.doHover(document, document.positionAt(document.getText().indexOf('"nat"') + 1), json);
    expect(JSON.stringify(hover)).toContain("NAT gateways; they cost money");
    expect(JSON.stringify(hover)).toContain("Default: none for session");
  });

  // Rules between settings are not in JSON Schema, and are not here.
  it.each<{ key: string; value: unknown }>([
    { key: "regoin", value: "eu-west-1" },
    { key: "name", value: "My Shop" },
    { key: "availabilityZones", value: [] },
    { key: "nat", value: "both" },
    { key: "tags", value: { "aws:team": "x" } },
    { key: "flowLog", value: { aggregationSeconds: 120 } },
    { key: "stateBucket", value: 7 },
    { key: "stateBucket", value: { nam: "states" } },
    { key: "redis", value: { serverless: "yes" } },
    { key: "redis", value: { serverless: { engine: "valkey-8.0" } } },
    { key: "redis", value: { replcas: 1 } },
    { key: "redis", value: { replicas: 6 } },
    { key: "redis", value: { replicas: "1" } },
    { key: "alarms", value: false },
    { key: "ecs", value: { http: true, allowedCidrs: ["10.0.0.0/8"], services: [{ key: "a" }] } },
    { key: "existingRedis", value: { host: "a:1" } },
    { key: "lambda", value: { runtime: "node24" } },
  ])("marks $key = $value, which readSettings refuses", async ({ key, value }) => {
    expect(() => readSettings({ ...readContext(ROOT, undefined), [key]: value })).toThrow(key);
    expect(await findProblems("cdktf.json", withSettings({ [key]: value }))).not.toEqual([]);
    expect(await findProblems("prod.json", asFile({ [key]: value }))).not.toEqual([]);
  });

  it("marks a key that is missing, in cdktf.json alone: a settings file counts over that", async () => {
    const { name: _, ...context } = readContext(ROOT, undefined);
    expect(await findProblems("cdktf.json", JSON.stringify({ $schema: `./${CDKTF}`, context }))).not.toEqual([]);
    expect(await findProblems("prod.json", asFile(context))).toEqual([]);
  });

  it.each<{ settings: object }>([
    { settings: { stateBucket: "states", tags: { team: "web" }, availabilityZones: ["a", "c", "d"] } },
    { settings: { stateBucket: { name: "states" }, nat: null, alarms: null, ecs: null, flowLog: { enabled: false } } },
    { settings: { redis: { serverless: true, snapshotRetentionDays: 7 } } },
    { settings: { redis: { serverless: { engine: "valkey-8", dataStorageGb: { max: 5 } } } } },
    { settings: { cdktfRelativeModules: [], ec2: { allowedCidrs: ["10.0.0.0/8"], fleet: { http: true } } } },
  ])("has nothing to say about $settings in cdktf.json, which readSettings takes", async ({ settings }) => {
    expect(() => readSettings({ ...readContext(ROOT, undefined), ...settings })).not.toThrow();
    expect(await findProblems("cdktf.json", withSettings(settings))).toEqual([]);
  });

  it("takes null in a settings file at any depth, where it takes a key out", async () => {
    const settings = {
      tags: { team: null },
      redis: { nodeType: null },
      ecs: { http: null, instances: { minInstances: 1 } },
    };
    expect(await findProblems("prod.json", asFile(settings))).toEqual([]);
    expect(await findProblems("prod.json", asFile({ redis: { nodeType: "t4g.micro" } }))).not.toEqual([]);
  });
});
