export * from "./artifact";
export * from "./connections";
export * from "./ec2";
export { setNamePrefix } from "./naming";
export * from "./network";
export * from "./redis";
export * from "./stack";
export * from "./web-app";
