// A private bucket for the files that compute downloads. Old versions stay for 90 days.
import path from "node:path";
import { App } from "cdktf";
import { ArtifactBucket, ArtifactFile, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const bucket = new ArtifactBucket(stack, "artifacts", { noncurrentDays: 90 });
new ArtifactFile(stack, "bundle", { bucket, path: path.join(__dirname, "..", "shop.js") });
stack.output("bucket", "Name of the bucket", bucket.name);
app.synth();
