export type { HasArn } from "../has-arn";
export { arnsRefusal } from "./arns";
export { hasDisks, idRefusal, nodeTypeRefusal } from "./names";
export { windowsRefusal } from "./windows";
