import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findWayOut } from "../../cli/terraform/ways-out";
import { checkout } from "../programs/checkout";
import { describeUnless, missing } from "../programs/require";
import { findMountObstacle, mountDisk } from "../programs/small-disk";

const ROOT = path.join(__dirname, "..", "..");
const LONG_MS = 120_000;
const NODE = `"${process.execPath}"`;
const FREE_SPACE = "the disk is full: free space on it, and run the command again";

/** Runs a script on a disk of its own, in the folder `$DISK`. */
function runOnDisk(folder: string, kibibytes: number, script: string, cwd = ROOT) {
  const [command, args] = mountDisk(folder, kibibytes, script);
  const env = { ...process.env, DISK: folder };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8", timeout: LONG_MS });
  return { status, stdout, stderr };
}

/** A command of bash that takes all space that is left. */
const FILL = 'head -c 64M /dev/zero > "$DISK/other-files" 2>/dev/null';

describeUnless(missing(["unshare", "terraform"]) ?? findMountObstacle(), "on a disk that is full", () => {
  const work = mkdtempSync(path.join(os.tmpdir(), "full-disk-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const makeFolder = (name: string) => {
    const folder = path.join(work, name);
    mkdirSync(folder);
    return folder;
  };
  const withoutWarnings = (stderr: string) => stderr.replaceAll(/^warning: .*\n/gm, "");

  it(
    "a synthesis names the disk, and leaves no part of a stack, wherever it ends",
    () => {
      const folder = makeFolder("cdktf.out");
      const files = 'find "$DISK" -type f -printf "%s %P\\n"';
      const synth = `CDKTF_OUTDIR="$DISK" ${NODE} --require ./cli/typescript.cjs --require ./webapp/build/if-edited.cjs main.ts >/dev/null`;
      const whole = runOnDisk(folder, 65_536, `${synth}; code=$?; ${files}; exit $code`);
      expect(whole.status).toBe(0);
      const sizes = whole.stdout
        .trim()
        .split("\n")
        .map((line) => Number.parseInt(line, 10));
      // A disk has blocks of 4 KiB.
      const kibibytes = sizes.reduce((sum, size) => sum + 4 * Math.ceil(size / 4096), 0);
      for (const share of [0.1, 0.5, 0.9, 0.99]) {
        const { status, stdout, stderr } = runOnDisk(
          folder,
          Math.floor(kibibytes * share),
          `${synth}; code=$?; ${files}; exit $code`,
        );
        expect([share, status, withoutWarnings(stderr)]).toEqual([
          share,
          2,
          expect.stringMatching(new RegExp(`^${folder}\\S*: ${FREE_SPACE}\n$`)),
        ]);
        const left = stdout
          .trim()
          .split("\n")
          .map((line) => line.replace(/^\d+ /, ""));
        expect([share, left.filter((name) => name !== "" && !name.startsWith("zips/"))]).toEqual([share, []]);
        const zips = whole.stdout.split("\n").filter((line) => line.includes(" zips/"));
        expect(zips).toEqual(expect.arrayContaining(stdout.split("\n").filter((line) => line.includes(" zips/"))));
      }
    },
    LONG_MS,
  );

  it(
    "a build names the disk, and writes no bundle",
    () => {
      const repository = checkout();
      const dist = path.join(repository, "webapp", "dist");
      mkdirSync(dist, { recursive: true });
      const script = `${NODE} webapp/build/if-edited.cjs; code=$?; find "$DISK" -type f; exit $code`;
      const { status, stdout, stderr } = runOnDisk(dist, 256, script, repository);
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toBe(
        `${dist}: the disk is full, and no bundle was written: free space on it, and run the command again\n`,
      );
    },
    LONG_MS,
  );

  const ROOT_MODULE = JSON.stringify({ resource: { terraform_data: { r: { input: "x".repeat(50_000) } } } });

  it(
    "a plan of a folder names the disk, and leaves no plan file",
    () => {
      const folder = makeFolder("planned");
      const plan = `${NODE} --require ./cli/typescript.cjs cli/session-store.ts plan "$DISK"`;
      const script = `cp "$MODULE" "$DISK/main.tf.json" && ${FILL}; ${plan}; code=$?; ls -A "$DISK"; exit $code`;
      const module = path.join(work, "main.tf.json");
      writeFileSync(module, ROOT_MODULE);
      const { status, stdout, stderr } = runOnDisk(folder, 256, `MODULE="${module}"; ${script}`);
      // Terraform itself leaves the file of its lock.
      const left = stdout
        .trim()
        .split("\n")
        .filter((name) => !/^\.?terraform\.tfstate/.test(name));
      expect([status, left.sort()]).toEqual([2, ["main.tf.json", "other-files"]]);
      expect(stderr.trim().split("\n").at(-1)).toMatch(
        new RegExp(`^terraform \\w+ failed: \\S*planned\\S*: ${FREE_SPACE}`),
      );
    },
    LONG_MS,
  );

  it.each([
    ["is in errored.tfstate where that has space", "", /^the state could not be saved and is in \S+errored\.tfstate: /],
    [
      "is printed where it has none",
      'cd "$DISK";',
      /^the state could not be saved, and Terraform printed it instead: /,
    ],
  ])("the state of an apply %s", (_, enter, wayOut) => {
    const [folder, root] = [makeFolder(`state-${enter.length}`), makeFolder(`root-${enter.length}`)];
    const backend = { local: { path: path.join(folder, "terraform.tfstate") } };
    writeFileSync(
      path.join(root, "main.tf.json"),
      JSON.stringify({ terraform: { backend }, ...JSON.parse(ROOT_MODULE) }),
    );
    // The disk has space for the lock, and gets full while the apply waits for its answer.
    const script = `cp main.tf.json "$DISK"; ${enter} terraform init >/dev/null && ${FILL}; terraform apply -auto-approve -lock=false >/dev/null`;
    const { stderr } = runOnDisk(folder, 256, script, root);
    expect(findWayOut(stderr, "cdktf.out/stacks/session-ec2")).toMatch(wayOut);
    expect(existsSync(path.join(root, "errored.tfstate"))).toBe(enter === "");
    if (enter === "") expect(JSON.parse(readFileSync(path.join(root, "errored.tfstate"), "utf8")).version).toBe(4);
  });
});
