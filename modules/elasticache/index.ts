export type { HasArn } from "./has-arn";
export { idRefusal, nodeTypeRefusal } from "./names";
export { windowsRefusal } from "./windows";
