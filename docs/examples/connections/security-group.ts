// A bastion that reaches the cache, and that the office reaches by SSH.
import { App } from "cdktf";
import { allowFromCidr, Network, openPort, Port, RedisCluster, SecurityGroup, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const redis = new RedisCluster(stack, "redis", { network });

const securityGroup = new SecurityGroup(stack, "bastion", { network, description: "Bastion" });
allowFromCidr({ securityGroup }, "203.0.113.0/24", Port.tcp(22), "SSH from the office");
openPort({ securityGroup }, redis, Port.tcp(redis.endpoint.port), "Administrators");
stack.output("bastion_group", "Security group for the bastion", securityGroup.id);
app.synth();
