import os from "node:os";
import { describeWith } from "../../programs/require";
import { Visitor } from "../../programs/visitor";
import { type StrictAws, startStrictAws } from "../aws-double/start";
import { region } from "../synthesize";
import { NODES, type SmallStack, shown, smallStack, store } from "./small-stack";
import { type Running, start } from "./start";

const programs = ["redis-server", "openssl", "unshare", "nsenter", "moto_server", "aws"] as const;

describeWith(programs, "a stack used as deployed", () => {
  let double: StrictAws;
  let stored: Awaited<ReturnType<typeof store>>;
  let running: Running | undefined;

  beforeAll(async () => {
    double = await startStrictAws({ region: region() });
    stored = await store(double);
  }, 300_000);
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  afterAll(() => double?.stop());

  /** Starts the stack with something of it changed. */
  async function started(change: (stack: SmallStack) => void = () => {}): Promise<Running> {
    const stack = smallStack(stored);
    change(stack);
    const aws: StrictAws["aws"] = async (...args) =>
      args.includes("describe-cache-clusters") ? NODES : double.aws(...args);
    const terraform = { folder: os.tmpdir(), run: async () => shown(stack) };
    running = await start({ terraform, aws: { ...double, aws } });
    return running;
  }
  const createVisitor = ({ hosts }: Running) => new Visitor(`http://127.0.0.1:${hosts.get("alb.example.com:80")}`);

  it("serves, with nothing refused on the way", async () => {
    const whole = await started();
    const visitor = createVisitor(whole);
    expect((await visitor.login("ann")).body).toContain("Visits: <strong>1<");
    expect((await visitor.get("/")).body).toContain("Visits: <strong>2<");
    expect((await visitor.get("/1")).body).toContain("Container 1: ");
    expect(await whole.refusals()).toEqual([]);
    const [server] = whole.servers();
    const next = await whole.replace(server as NonNullable<typeof server>);
    expect(next.pid()).not.toBe(server?.pid());
    expect((await visitor.get("/")).body).toContain("Visits: <strong>3<");
  }, 120_000);

  it("fails when a command is missing in the access string", async () => {
    const weak = await started(({ aws_elasticache_user: { app } = {} }) => {
      app.access_string = app.access_string.replace(" +hincrby", "");
    });
    expect((await createVisitor(weak).login("ann")).status).not.toBe(200);
    expect(await weak.refusals()).toContain("cache refused app command hincrby");
  }, 120_000);

  /** One thing taken out of the stack, or changed in it, and what is said of it. */
  const faults: readonly { what: string; change: (stack: SmallStack) => void; says: string }[] = [
    {
      what: "a parameter that redis-server refuses",
      change: ({ aws_elasticache_parameter_group: { parameters } = {} }) => {
        parameters.parameter[0].value = "volatile";
      },
      says: "maxmemory-policy",
    },
    {
      what: "an access string that redis-server refuses",
      change: ({ aws_elasticache_user: { app } = {} }) => {
        app.access_string += " +hincrease";
      },
      says: "hincrease",
    },
    {
      what: "a variable that is never set",
      change: ({ aws_ecs_task_definition: { web } = {} }) => {
        delete web.containers[0].environment.SECRET_KEY_ARN;
      },
      says: "SECRET_KEY",
    },
    {
      what: "a bundle under another key",
      change: ({ aws_ecs_task_definition: { web } = {} }) => {
        web.containers[1].environment.KEY = "another.js";
      },
      says: "another.js",
    },
    {
      what: "a bundle of another content",
      change: ({ aws_ecs_task_definition: { web } = {} }) => {
        web.containers[1].environment.SHA256 = "0".repeat(64);
      },
      says: "FAILED",
    },
    {
      what: "a cache without an ingress rule",
      change: ({ aws_vpc_security_group_ingress_rule: rules = {} }) => {
        delete rules.cache;
      },
      says: "task web-1 -> cache cache, port 6379: no ingress rule of sg-cache lets it in",
    },
    {
      what: "a task that is let out to no cache",
      change: ({ aws_vpc_security_group_egress_rule: rules = {} }) => {
        delete rules.cache;
      },
      says: "task web-1 -> cache cache, port 6379: no egress rule of sg-web lets it out",
    },
    {
      what: "a load balancer that is closed to visitors",
      change: ({ aws_vpc_security_group_ingress_rule: rules = {} }) => {
        delete rules.visitors;
      },
      says: "the internet -> load balancer alb, port 80: no ingress rule of sg-alb lets it in",
    },
    {
      what: "a task that is closed to its load balancer",
      change: ({ aws_vpc_security_group_ingress_rule: rules = {} }) => {
        rules.app.to_port = rules.app.from_port = 5001;
      },
      says: "load balancer alb -> task web-1, port 5000: no ingress rule of sg-web lets it in",
    },
    {
      what: "no way to AWS",
      change: (stack) => {
        delete stack.aws_route;
      },
      says: "task web-1 -> s3 of AWS, port 443: its subnet subnet-a has no route to the internet",
    },
    {
      what: "a role that may not read the secret",
      change: ({ aws_iam_role_policy: { secret } = {} }) => {
        secret.policy = secret.policy.replace("GetSecretValue", "DescribeSecret");
      },
      says: "role role may not secretsmanager:GetSecretValue on arn:aws:secretsmanager",
    },
    {
      what: "a role that may not fetch the bundle's version",
      change: ({ aws_iam_role_policy: { bundle } = {} }) => {
        bundle.policy = bundle.policy.replace("GetObject*", "GetObject");
      },
      says: "role role may not s3:GetObjectVersion on arn:aws:s3:::bundles/session-app.js",
    },
    {
      what: "a role that may not connect as its user",
      change: ({ aws_iam_role_policy: policies = {} }) => {
        delete policies.connect;
      },
      says: "role role may not elasticache:Connect on arn:aws:elasticache",
    },
  ];

  it.each(faults)(
    "does not start with $what",
    async ({ change, says }) => {
      await expect(started(change)).rejects.toThrow(says);
    },
    120_000,
  );
});
