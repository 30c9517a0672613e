export { checkCacheArns } from "./arns";
export { checkId, checkNodeType, hasDisks } from "./names";
export { checkWindows } from "./windows";
