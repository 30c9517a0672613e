// A stack for the staging environment: its state is in S3, its names begin with `staging`, and its resources have a cost centre.
import { App } from "cdktf";
import { Network, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", {
  region: "ap-northeast-1",
  namePrefix: "staging",
  stateBucket: { name: "example-terraform-state", keyPrefix: "staging" },
  tags: { CostCentre: "4711" },
});
const network = new Network(stack, "network");
stack.output("vpc_id", "Id of the VPC", network.vpcId);
app.synth();
