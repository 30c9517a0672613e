export { Login, SessionApp, type SessionAppProps, type SessionLifetimes } from "./session-app";
export { type AppDeployment, type Compute, type FunctionCode, RedisVariable, type Timings, WebApp } from "./web-app";
