import { type App, CloudBackend, HttpBackend, NamedCloudWorkspace, S3Backend } from "cdktf";
import { Construct } from "constructs";
import { Network, SessionStack } from "../../modules";

const region = "ap-northeast-1";

/** An environment of a company: stacks in a construct, each with an id of its own. */
class Environment extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = new SessionStack(this, `${id}-network`, { region });
    new Network(stack, "network");
  }
}

/** States elsewhere than in a file, and providers as a company has them. */
export function backends(app: App): void {
  const inCloud = new SessionStack(app, "in-cloud", {
    region,
    providerSettings: {
      assumeRole: [{ roleArn: "arn:aws:iam::123456789012:role/deployer" }],
      ignoreTags: [{ keyPrefixes: ["kubernetes.io/"] }],
      maxRetries: 10,
      retryMode: "adaptive",
    },
    tags: { CostCenter: "4711" },
  });
  new CloudBackend(inCloud, { organization: "example", workspaces: new NamedCloudWorkspace("sessions") });
  new Network(inCloud, "network");

  const overHttp = new SessionStack(app, "over-http", { region });
  new HttpBackend(overHttp, { address: "https://states.example.com/sessions" });
  new Network(overHttp, "network");

  const inBucket = new SessionStack(app, "in-bucket", { region });
  new S3Backend(inBucket, { bucket: "states", key: "sessions.tfstate", region, dynamodbTable: "locks" });
  new Network(inBucket, "network");

  new Environment(app, "test");
  new Environment(app, "production");
}
