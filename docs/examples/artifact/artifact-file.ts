// A bundle in S3 under the hash of its content. The instances' role may read it.
import path from "node:path";
import { App } from "cdktf";
import { ArtifactBucket, ArtifactFile, InstanceRole, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const bucket = new ArtifactBucket(stack, "artifacts");
const bundle = new ArtifactFile(stack, "bundle", { bucket, path: path.join(__dirname, "..", "shop.js") });

const { role } = new InstanceRole(stack, "role");
bundle.grantRead(role);
stack.output("bundle_url", "Address of the bundle", `s3://${bundle.bucketName}/${bundle.key}`);
app.synth();
