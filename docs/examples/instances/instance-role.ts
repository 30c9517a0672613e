// A role for your own instances: it has Session Manager, and here it may log in to Redis.
import { App } from "cdktf";
import { InstanceRole, Network, RedisCluster, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const redis = new RedisCluster(stack, "redis", { network: new Network(stack, "network") });
const role = new InstanceRole(stack, "workers");
redis.grantConnect(role.role);
stack.output("instance_profile", "Launch instances with this profile", role.profileName);
app.synth();
