import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { until } from "../harness/poll";
import { type CheckoutAtAws, checkoutAtAws, type Running } from "../programs/checkout-at-aws";
import { describeWith } from "../programs/require";

/** A deploy on a busy machine: the provider waits for minutes by itself. */
const LONG_MS = 1_200_000;
const STACK = "session-ec2";
const STATE = "terraform.session-ec2.tfstate";
const FOLDER = path.join("cdktf.out", "stacks", STACK);
const PLAN = path.join(FOLDER, "plan.out");
const BUCKET = "our-states";
const OBJECT = `session/${STACK}.tfstate`;
const LOCK = { ID: "3f126a35-d8b8-710e-9b2c-314b4dd69d61", Operation: "OperationTypeApply", Who: "someone@else" };

/** Runs a command on a terminal of its own, which it reads its input from. */
const ON_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

/** One stack goes through all of it, test by test: to deploy it takes minutes. */
describeWith(["terraform", "moto_server", "aws"], "a stack that is deployed", () => {
  let at: CheckoutAtAws;
  beforeAll(async () => {
    at = await checkoutAtAws();
  }, LONG_MS);
  afterAll(() => at.aws.stop());

  const run = (act: string, ...options: string[]) => at.start(["npm", "run", act, "--", STACK, ...options]);
  const deploy = (...options: string[]) => run("deploy", "--auto-approve", ...options).ended;
  const said = (running: Running, text: RegExp) => until(() => text.test(running.output()), String(text), LONG_MS);
  const inCheckout = (file: string) => path.join(at.folder, file);
  const setting = (key: string, value: unknown) => {
    const file = inCheckout("cdktf.json");
    const json = JSON.parse(readFileSync(file, "utf8"));
    json.context[key] = value;
    writeFileSync(file, JSON.stringify(json));
  };

  it(
    "was refused in part by AWS: Terraform's error is shown, the resources that exist are kept, and the next plan creates the rest",
    async () => {
      const name = ["--cache-parameter-group-name", "session-ec2-redis-redis7"];
      const theirs = ["--cache-parameter-group-family", "redis7", "--description", "someone else's"];
      await at.aws.aws("elasticache", "create-cache-parameter-group", ...name, ...theirs);
      const { code, stdout, stderr } = await deploy();
      expect(stderr).toMatch(/Error: creating ElastiCache Parameter Group \(session-ec2-redis-redis7\)/);
      expect(stderr).toMatch(
        /^terraform apply failed after \d+ s: AWS has a resource of this name that the state lacks, .*; docs\/operations\.md#a-resource-exists-already$/m,
      );
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stdout).not.toContain("is deployed");
      expect(code).toBe(1);
      expect(at.inState(STATE)).toContainEqual(expect.stringMatching(/^aws_vpc\./));
      expect(at.inState(STATE)).not.toContainEqual(expect.stringMatching(/^aws_elasticache_parameter_group\./));
      expect([PLAN, `.${STATE}.lock.info`].filter((file) => existsSync(inCheckout(file)))).toEqual([]);
      await at.aws.aws("elasticache", "delete-cache-parameter-group", ...name);
      const rest = await run("plan").ended;
      expect(rest).toMatchObject({ code: 0, stdout: expect.stringMatching(/^session-ec2: \d+ created$/m) });
    },
    LONG_MS,
  );

  it(
    "was interrupted once by Ctrl-C: Terraform was waited for, what was made is kept, the lock is given back",
    async () => {
      const running = run("deploy", "--auto-approve");
      // Not while its request is under way: AWS would make it, and Terraform not hear of it.
      await said(running, /aws_elasticache_replication_group\.\S+: Still creating\.\.\./);
      expect(statSync(inCheckout(PLAN)).mode & 0o777).toBe(0o600);
      process.kill(-(running.process.pid as number), "SIGINT");
      const { code, stdout, stderr } = await running.ended;
      expect(code).not.toBe(0);
      expect(stdout).toContain("Gracefully shutting down");
      expect(stdout + stderr).not.toContain("Two interrupts received");
      expect(at.inState(STATE).length).toBeGreaterThan(5);
      expect([PLAN, `.${STATE}.lock.info`].filter((file) => existsSync(inCheckout(file)))).toEqual([]);
    },
    LONG_MS,
  );

  it(
    "goes on from there, and has nothing to do the next time",
    async () => {
      expect(await deploy()).toMatchObject({ code: 0, stdout: expect.stringContaining("session-ec2 is deployed\n") });
      const { code, stdout } = await deploy();
      expect(stdout).toMatch(/session-ec2 is as its settings say: no changes, and nothing was applied\n.*\nurl = /s);
      expect(code).toBe(0);
    },
    LONG_MS,
  );

  it(
    "gets another instance on request, at the same address: the way to a new image",
    async () => {
      const read = () => {
        const { outputs, resources } = JSON.parse(readFileSync(inCheckout(STATE), "utf8"));
        const found = resources.find(({ type }: { type: string }) => type === "aws_instance");
        return { url: outputs.url.value, id: found.instances[0].attributes.id, address: `aws_instance.${found.name}` };
      };
      const before = read();
      const { code, stdout } = await deploy("--replace", before.address);
      expect([code, stdout]).toEqual([0, expect.stringContaining("asked for by -replace")]);
      const after = read();
      expect(after).toMatchObject({ url: before.url, address: before.address });
      expect(after.id).not.toBe(before.id);
    },
    LONG_MS,
  );

  it(
    "is applied after a yes alone, and not by a plan that is stale",
    async () => {
      const applying = (answer: string, meanwhile = () => {}) => {
        const command = ["python3", "-c", ON_TERMINAL, "npm", "run", "deploy", "--", STACK];
        const running = at.start(command);
        return said(running, /Enter a value: /).then(() => {
          meanwhile();
          running.process.stdin?.write(`${answer}\n`);
          return running.ended;
        });
      };
      setting("tags", { Team: "shop" });
      const no = await applying("y");
      expect([no.code, no.stdout]).toEqual([1, expect.stringContaining("not approved, and nothing was applied")]);
      const state = JSON.parse(readFileSync(inCheckout(STATE), "utf8"));
      const stale = await applying("yes", () => {
        writeFileSync(inCheckout(STATE), JSON.stringify({ ...state, serial: state.serial + 1 }));
      });
      expect(stale.stdout).toContain("Saved plan is stale");
      expect(stale.stdout).toMatch(
        /terraform apply failed after \d+ s: the state has changed since this plan was made/,
      );
      expect([stale.code, existsSync(inCheckout(PLAN))]).toEqual([1, false]);
      setting("tags", {});
    },
    LONG_MS,
  );

  it(
    "is planned under another name in a folder of its own, and from the same folder under a name that was edited",
    async () => {
      const before = readFileSync(inCheckout(STATE), "utf8");
      writeFileSync(inCheckout("prod.json"), '{"name":"prod"}');
      const created = expect.stringMatching(/^session-ec2: \d+ created\n/m);
      expect(await run("plan", "--settings", "prod.json").ended).toMatchObject({ code: 0, stdout: created });
      expect(existsSync(inCheckout(path.join("cdktf.out", "prod", "stacks", STACK, "plan.out")))).toBe(true);
      setting("name", "shop");
      expect(await run("plan").ended).toMatchObject({ code: 0, stdout: created });
      setting("name", "session");
      const nothing = expect.stringMatching(/^session-ec2: nothing changes$/m);
      expect(await run("plan").ended).toMatchObject({ code: 0, stdout: nothing });
      expect(readFileSync(inCheckout(STATE), "utf8")).toBe(before);
    },
    LONG_MS,
  );

  it(
    "is not planned a second time when its state is left behind by stateBucket, until the state is moved as documented",
    async () => {
      const location = "LocationConstraint=ap-northeast-1";
      await at.aws.aws("s3api", "create-bucket", "--bucket", BUCKET, "--create-bucket-configuration", location);
      setting("stateBucket", BUCKET);
      const { code, stderr } = await deploy();
      expect(stderr).toMatch(
        /^session-ec2: its state is in terraform\.session-ec2\.tfstate, and the settings say s3:\/\/our-states\/session\/session-ec2\.tfstate, where there is none: move it \(docs\/operations\.md#move-a-state\)/m,
      );
      expect(code).toBe(2);
      // As docs/operations.md says.
      const terraform = (...args: string[]) => at.start(["terraform", `-chdir=${FOLDER}`, ...args]).ended;
      expect(await terraform("init", "-reconfigure")).toMatchObject({ code: 0 });
      expect(await terraform("state", "push", `../../../${STATE}`)).toMatchObject({ code: 0 });
      renameSync(inCheckout(STATE), inCheckout(`${STATE}.moved`));
      expect(await deploy()).toMatchObject({ code: 0, stdout: expect.stringContaining("no changes, and nothing") });
    },
    LONG_MS,
  );

  it(
    "is not planned while another process has the lock of its state in S3",
    async () => {
      writeFileSync(inCheckout("lock.json"), JSON.stringify(LOCK));
      const object = ["--bucket", BUCKET, "--key", `${OBJECT}.tflock`];
      await at.aws.aws("s3api", "put-object", ...object, "--body", inCheckout("lock.json"));
      const { code, stderr } = await deploy();
      expect(stderr).toContain("Error acquiring the state lock");
      expect(stderr).toMatch(
        new RegExp(
          `^terraform plan failed: the state is locked by .* terraform -chdir=${FOLDER} force-unlock ${LOCK.ID}$`,
          "m",
        ),
      );
      expect(code).toBe(2);
      await at.aws.aws("s3api", "delete-object", ...object);
    },
    LONG_MS,
  );

  it(
    "is destroyed from there, and its lock is gone",
    async () => {
      expect(await run("destroy", "--auto-approve").ended).toMatchObject({ code: 0 });
      const { Contents } = await at.aws.aws("s3api", "list-objects-v2", "--bucket", BUCKET);
      expect(Contents.map(({ Key }: { Key: string }) => Key)).toEqual([OBJECT]);
      const { code, stdout } = await run("destroy", "--auto-approve").ended;
      expect([code, stdout]).toEqual([0, expect.stringContaining("session-ec2 has nothing to destroy: no changes")]);
    },
    LONG_MS,
  );
});
