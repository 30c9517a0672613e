// A role for the people who operate the cache. It has every right on this cache and on no other.
import { App } from "cdktf";
import { Network, RedisAdministrator, RedisCluster, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const redis = new RedisCluster(stack, "redis", { network });
const administrator = new RedisAdministrator(stack, "administrator", {
  redis,
  trustedArns: ["arn:aws:iam::123456789012:role/operators"],
});
stack.output("administrator_role", "Role to assume", administrator.roleArn);
app.synth();
