"use strict";
// A runtime like Lambda's own for Node. It gets an event, calls the handler, reports the result, and asks for the next event. It runs in
// the function's process, with nothing but the function. So it is plain JavaScript without a package.
const { existsSync } = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
const RUNTIME = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const agent = new http.Agent({ keepAlive: true });

function call(method, resource, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${RUNTIME}/${resource}`, { method, agent, headers }, async (response) => {
      const chunks = await response.toArray();
      resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    request.once("error", reject);
    request.end(body);
  });
}

function sayError(resource, error) {
  const { name = "Error", message = String(error), stack = "" } = error ?? {};
  const body = { errorType: name, errorMessage: message, stackTrace: String(stack).split("\n").slice(1) };
  return call("POST", resource, JSON.stringify(body), { "lambda-runtime-function-error-type": `Unhandled.${name}` });
}

function fault(name, message) {
  return Object.assign(new Error(message), { name });
}

async function load() {
  const [, module, name] = /^(.+)\.([^./]+)$/.exec(_HANDLER) ?? [];
  const file = [".js", ".mjs", ".cjs"]
    .map((extension) => path.resolve(LAMBDA_TASK_ROOT, module + extension))
    .find(existsSync);
  if (file === undefined) throw fault("Runtime.ImportModuleError", `Cannot find module '${module}'`);
  const exported = file.endsWith(".mjs") ? await import(pathToFileURL(file)) : require(file);
  if (typeof exported[name] === "function") return exported[name];
  throw fault("Runtime.HandlerNotFound", `${_HANDLER} is undefined or not exported`);
}

function buildContext(headers) {
  const {
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: functionVersion,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memoryLimitInMB,
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
  } = process.env;
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    functionName,
    functionVersion,
    memoryLimitInMB,
    logGroupName,
    logStreamName,
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function main() {
  let handler;
  try {
    handler = await load();
  } catch (error) {
    process.stderr.write(`${error?.stack ?? error}\n`);
    await sayError("init/error", error);
    process.exit(1);
  }
  for (;;) {
    const { headers, body } = await call("GET", "invocation/next");
    const context = buildContext(headers);
    const invocation = `invocation/${context.awsRequestId}`;
    process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
    try {
      const result = JSON.stringify(await handler(JSON.parse(body), context)) ?? "null";
      await call("POST", `${invocation}/response`, result);
    } catch (error) {
      process.stderr.write(`${error?.stack ?? error}\n`);
      await sayError(`${invocation}/error`, error);
    }
  }
}

// Ends the process when the runtime API is gone.
main().catch(() => process.exit(1));
