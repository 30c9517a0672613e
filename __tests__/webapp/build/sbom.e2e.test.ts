import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..", "..");
const DIST = path.join(ROOT, "webapp", "dist");

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string }[];
  readonly licenses?: readonly object[];
}

interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

let bill: Bill;
beforeAll(() => {
  execFileSync("npm", ["run", "--silent", "sbom"], { cwd: ROOT, stdio: "pipe" });
  bill = JSON.parse(readFileSync(path.join(ROOT, "dist", "sbom.cdx.json"), "utf8"));
}, 60_000);

describe("the bill of materials of a release", () => {
  it("is CycloneDX, of this package", () => {
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: expect.stringMatching(/^1\.\d$/) });
    expect(bill.serialNumber).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    const { name, version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    expect(bill.metadata.component).toMatchObject({ name, version, purl: `pkg:npm/${name}@${version}` });
  });

  it("has each package that a bundle's notices name and each that npm installs, and no tool of the repository", () => {
    const notices = readdirSync(DIST).filter((file) => file.endsWith(".txt"));
    const titles = notices.flatMap((file) =>
      [...readFileSync(path.join(DIST, file), "utf8").matchAll(/^(\S+) (\d+\.\d+\.\S+) \(.*\)$/gm)].map(
        ([, name, version]) => `${name}@${version}`,
      ),
    );
    expect(titles.length).toBeGreaterThan(200);
    const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    const installed = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
    const shipped = [...new Set([...titles, ...installed])].sort();
    expect([...new Set(bill.components.map(({ name, version }) => `${name}@${version}`))].sort()).toEqual(shipped);
  });

  it("says of each its licence, its hash and what it depends on", () => {
    for (const { name, licenses, hashes } of bill.components) {
      expect([name, licenses?.length, hashes?.[0]?.alg]).toEqual([name, 1, "SHA-512"]);
    }
    const refs = new Set(bill.components.map((one) => one["bom-ref"]));
    for (const { dependsOn } of bill.dependencies) for (const one of dependsOn) expect(refs).toContain(one);
  });
});
