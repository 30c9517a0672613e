export { checkCacheArns } from "./arns";
export { BUSY_CONNECTIONS, connectionLimit, MOST_CONNECTIONS } from "./connection-limit";
export { checkId, checkNodeType, hasDisks } from "./names";
export { checkWindows } from "./windows";
