import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { unzipSync } from "fflate";
import { ZipFile } from "../../../modules/artifact";
import { synthesize } from "../../synthesized";
import { smallBundle } from "./small-bundle";

const outdir = mkdtempSync(path.join(os.tmpdir(), "zip-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** The zip beside the synthesized stack, and the hash in the stack. */
function synthesized(file: string): { zip: Buffer; sha256Base64: string } {
  const app = new App({ outdir, stackTraces: false });
  const stack = new TerraformStack(app, "stack");
  const { path: relative, sha256Base64 } = new ZipFile(stack, "code", { path: file });
  app.synth();
  return { zip: readFileSync(path.join(outdir, "stacks", "stack", relative)), sha256Base64 };
}

describe("ZipFile", () => {
  it("holds the file, readable by every user, and its hash is the one Lambda works out", () => {
    const { zip, sha256Base64 } = synthesized(smallBundle("exports.handler = 1;\n", "function.js"));
    const files = unzipSync(zip);
    expect(Object.keys(files)).toEqual(["function.js"]);
    expect(Buffer.from(files["function.js"] as Uint8Array).toString()).toBe("exports.handler = 1;\n");
    const directory = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    expect((zip.readUInt32LE(directory + 38) >>> 16).toString(8)).toBe("100644");
    expect(createHash("sha256").update(zip).digest("base64")).toBe(sha256Base64);
  });

  it("has the notices that are beside the file, and is another zip with other ones", () => {
    const file = smallBundle("exports.handler = 4;\n", "function.js");
    const without = synthesized(file).sha256Base64;
    writeFileSync(file.replace(/js$/, "THIRD-PARTY-NOTICES.txt"), "MIT\n");
    const { zip, sha256Base64 } = synthesized(file);
    const files = unzipSync(zip);
    expect(Object.keys(files)).toEqual(["function.js", "THIRD-PARTY-NOTICES.txt"]);
    expect(Buffer.from(files["THIRD-PARTY-NOTICES.txt"] as Uint8Array).toString()).toBe("MIT\n");
    expect(sha256Base64).not.toBe(without);
  });

  it("is the same bytes on every machine and on any day", () => {
    const file = smallBundle("exports.handler = 1;\n", "function.js");
    utimesSync(file, 1, 1);
    const { sha256Base64, zip } = synthesized(file);
    expect(sha256Base64).toBe("k8Jcla5oYE7ySPvWdvRLRZt4inHfPxp7himTTPcjCIY=");
    // 1980-01-01 00:00:00, the first moment there is.
    expect(zip.subarray(10, 14).toString("hex")).toBe("00002100");
  });

  it("has another path and another hash when the file has another content, and only then", () => {
    const of = (content: string) =>
      synthesize((stack) => {
        const { path: relative, sha256Base64 } = new ZipFile(stack, "code", { path: smallBundle(content) });
        new TerraformOutput(stack, "told", { value: `${relative} ${sha256Base64}`, staticId: true });
      }).json.output?.told?.value as string;
    expect(of("one")).toBe(of("one"));
    const [one, two] = [of("one").split(" "), of("two").split(" ")];
    expect([one[0] === two[0], one[1] === two[1]]).toEqual([false, false]);
  });

  it("is compressed once for the same file, and again for another content or name", () => {
    const file = smallBundle("exports.handler = 2;\n", "function.js");
    const sources = () => readdirSync(path.join(outdir, "zips"), { recursive: true, withFileTypes: true });
    const made = () =>
      sources().flatMap((one) => (one.isFile() ? statSync(path.join(one.parentPath, one.name)).ino : []));
    synthesized(file);
    const before = made();
    synthesized(file);
    expect(made()).toEqual(before);
    synthesized(smallBundle("exports.handler = 3;\n", "function.js"));
    synthesized(smallBundle("exports.handler = 2;\n", "other.js"));
    expect(made()).toHaveLength(before.length + 2);
  });

  it.each([
    ["a file that is not there", "/nowhere/function.js", /code: path: got \/nowhere\/function\.js \(ENOENT\), allowed/],
    ["a name with a blank", "/nowhere/a file.js", 'file name: got "a file.js", allowed: letters, digits'],
  ])("refuses %s", (_what, file, message) => {
    expect(() => synthesize((stack) => new ZipFile(stack, "code", { path: file }))).toThrow(message);
  });
});
