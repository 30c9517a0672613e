export { ArtifactBucket, type ArtifactBucketProps } from "./bucket";
export { ArtifactFile, type ArtifactFileProps } from "./file";
export { ZipFile, type ZipFileProps } from "./zip";
