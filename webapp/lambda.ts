import { readEnvironment } from "../environment";
import { createSessionFunction } from "./lambda/session-function";
import { createLog } from "./log";

/**
 * The app's one file as a Lambda function, `session-lambda.handler`, without what only a server or a person at a command
 * line needs. A wrong environment ends it before the first request.
 */
const { AWS_LAMBDA_LOG_STREAM_NAME: logStream } = process.env;
// All that run at a time have the same host name: the last part of the log stream's tells one from another.
const shownHost = logStream?.replace(/^.*[^0-9a-zA-Z]/, "");
const environment = readEnvironment({ ...(shownHost && { SHOWN_HOST: shownHost }), ...process.env });

/** The function's handler. */
export const handler = createSessionFunction(environment, createLog(environment.logLevel, true));
