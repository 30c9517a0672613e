// cdktf takes a stack trace for each token, without a limit, in an object `{ stack: "" }`. No test reads them, and Jest maps each of
// their lines to its source, which takes half of the time of a test of constructs. That object stays as it is. Errors keep their lines.
const capture = Error.captureStackTrace;
Error.captureStackTrace = (target, below) => {
  if ((target as { stack?: string }).stack !== "") capture(target, below);
};
