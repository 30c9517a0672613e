import { types } from "node:util";

// cdktf takes a stack trace for each token, of a plain object and without a limit. No test reads them, and Jest maps each of their lines
// to its source, which takes a quarter of the time of a test of constructs. Here they are empty. Errors keep their mapped lines.
const mapLines = Error.prepareStackTrace;
if (mapLines !== undefined)
  Error.prepareStackTrace = (error, frames) => (types.isNativeError(error) ? mapLines(error, frames) : "");
