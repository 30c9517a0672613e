// A function that reads photos from DynamoDB through memcached.
import { App } from "cdktf";
import { MemcachedCluster, Network, PhotoCache, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "photos", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const cache = new MemcachedCluster(stack, "memcached", { network });
const photos = new PhotoCache(stack, "photos", { network, cache, ttlSeconds: 300, deletionProtection: true });
stack.output("function", "Name of the function to invoke", photos.function.functionName);
stack.output("table", "Name of the table of photos", photos.tableName);
app.synth();
