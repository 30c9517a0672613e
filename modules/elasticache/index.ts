export { arnsRefusal } from "./arns";
export type { HasArn } from "./has-arn";
export { hasDisks, idRefusal, nodeTypeRefusal } from "./names";
export { windowsRefusal } from "./windows";
