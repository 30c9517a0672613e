import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { chooseOutdir, readContext, readSettings, SettingsError } from "../../settings";

const root = path.join(__dirname, "..", "..");
const context = () => readContext(root, undefined);

describe("readContext", () => {
  it("lets the CLI's context win over cdktf.json's", () => {
    expect(readContext(root, '{"nat":"single"}')).toMatchObject({ nat: "single", name: "session" });
  });

  it.each([
    { content: undefined, says: "cdktf.json: got no such file" },
    { content: "{", says: "cdktf.json: got no JSON" },
    { content: '{\n "context": {\n "nat": none\n}}', says: /^cdktf.json: got no JSON \(.*\), takes a JSON object$/ },
    { content: "[]", says: "cdktf.json: got [], takes a JSON object" },
    {
      content: '{"app": "node main.ts", "contxt": {"name": "session"}}',
      says: 'cdktf.json: got no key "context" but "contxt", takes the settings as an object under "context". Fix: correct',
    },
    { content: '{"app": "node main.ts"}', says: /^cdktf\.json: got no key "context", takes .*\. Fix: add the key$/ },
    { content: '{"context": 7}', says: "cdktf.json: context: got 7, takes a JSON object" },
  ])("refuses a cdktf.json of $content", ({ content, says }) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "context-"));
    if (content !== undefined) writeFileSync(path.join(folder, "cdktf.json"), content);
    expect(() => readContext(folder, undefined)).toThrow(says);
    rmSync(folder, { recursive: true });
  });

  it("refuses a CDKTF_CONTEXT_JSON that is none", () => {
    expect(() => readContext(root, "nat=single")).toThrow("CDKTF_CONTEXT_JSON: got no JSON");
  });
});

describe("a file of settings for one command", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "settings-file-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "prod.json");
  const read = (settings: string | Buffer | object) => {
    const text = typeof settings === "string" || Buffer.isBuffer(settings) ? settings : JSON.stringify(settings);
    writeFileSync(file, text);
    return readContext(root, undefined, file);
  };

  it("counts key by key over cdktf.json's, lists as a whole", () => {
    const merged = read({ name: "prod", availabilityZones: ["a"], redis: { replicas: 2 } });
    expect(merged).toMatchObject({ name: "prod", region: "ap-northeast-1", availabilityZones: ["a"] });
    expect(merged.redis).toEqual({ ...(context().redis as object), replicas: 2 });
    expect(merged.ec2).toEqual(context().ec2);
  });

  it("takes a key out by null, unless null is a value of it", () => {
    const certificateArn = "arn:aws:acm:ap-northeast-1:123456789012:certificate/prod";
    const merged = read({ ecs: { http: null, certificateArn }, alarms: null, existingRedis: null, stateBucket: null });
    expect(readSettings(merged)).toMatchObject({ ecs: { certificateArn }, alarms: null, stateBucket: null });
    expect(merged.ecs).not.toHaveProperty("http");
    expect(readSettings(read({ ecs: null })).ecs).toBeNull();
  });

  it("may begin with a byte order mark, as cdktf.json may", () => {
    expect(read(`\ufeff${JSON.stringify({ name: "prod" })}`).name).toBe("prod");
    writeFileSync(path.join(folder, "cdktf.json"), '\ufeff{"context":{"name":"shop"}}');
    expect(readContext(folder, undefined)).toEqual({ name: "shop" });
  });

  it.each<{ what: string; text: string | Buffer; says: RegExp }>([
    { what: "no JSON", text: "name=prod", says: /prod\.json: got no JSON \(.*\), takes a JSON object$/ },
    { what: "a list", text: "[1]", says: /prod\.json: got \[1\], takes a JSON object$/ },
    { what: "nothing", text: "", says: /prod\.json: got no JSON/ },
    { what: "UTF-16", text: Buffer.from("\ufeff{}", "utf16le"), says: /prod\.json: got UTF-16, takes JSON in UTF-8/ },
    { what: "a whole cdktf.json", text: '{"context":{}}', says: /prod\.json: got a whole cdktf\.json, takes only/ },
  ])("is refused in one line when it is $what", ({ text, says }) => {
    expect(() => read(text)).toThrow(says);
    expect(() => read(text)).toThrow(SettingsError);
  });

  it("is refused when it is not there, or a folder", () => {
    expect(() => readContext(root, undefined, "none.json")).toThrow(/^none\.json: got no such file, takes a JSON file/);
    expect(() => readContext(root, undefined, folder)).toThrow(/can't be read \(EISDIR.*\), takes a JSON file$/);
  });

  it("of another name has another folder to be synthesized into", () => {
    const outdir = (settings: object, fromCli?: string) => chooseOutdir(readSettings(read(settings)), root, fromCli);
    expect(outdir({ redis: { replicas: 2 } })).toBe("cdktf.out");
    expect(outdir({ name: "prod" })).toBe(path.join("cdktf.out", "prod"));
    expect(outdir({ name: "prod" }, "elsewhere")).toBe("elsewhere");
  });
});
