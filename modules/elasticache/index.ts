export { checkCacheArns } from "./arns";
export { connectionLimit } from "./connection-limit";
export { compareVersions, findFamily, mayHaveSuccessor } from "./engine-versions";
export { checkId } from "./names";
export {
  BUSY_CONNECTIONS,
  countVcpus,
  hasDisks,
  isBeforeNitro,
  isBurstable,
  limitProcesses,
  MOST_CONNECTIONS,
} from "./node-types";
export { checkNodeType, warnOfNodeType, warnOfVersion } from "./offers";
export { checkWindows } from "./windows";
