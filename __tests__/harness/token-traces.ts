import { types } from "node:util";

// cdktf takes a stack trace for each token and each block: of a plain object, without a limit. No test reads them, and taking them is a
// tenth of the time of a test of constructs. Here they are empty. Errors have their traces, and so has a caller that reads the frames
// by a prepareStackTrace of its own, as depd does.
const capture = Error.captureStackTrace;
const mapLines = Error.prepareStackTrace;
Error.captureStackTrace = (target: { stack?: string }, below) => {
  if (types.isNativeError(target) || Error.prepareStackTrace !== mapLines) capture(target, below);
  else target.stack = "";
};
