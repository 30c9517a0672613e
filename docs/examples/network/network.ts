// A VPC with public and private subnets in two zones. Each zone has its own NAT gateway, and the flow log keeps rejected traffic.
import { App } from "cdktf";
import { FlowLogTraffic, Nat, Network, SessionStack, SubnetLayout } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network", {
  cidr: "10.20.0.0/16",
  availabilityZones: ["a", "c"],
  nat: Nat.PER_ZONE,
  subnetLayout: SubnetLayout.LARGE_PRIVATE,
  flowLog: { traffic: FlowLogTraffic.REJECTED, retentionDays: 90 },
});
stack.output("vpc_id", "Id of the VPC", network.vpcId);
app.synth();
