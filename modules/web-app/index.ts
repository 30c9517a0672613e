export { Login, SessionApp, type SessionAppProps, type SessionLifetimes } from "./session-app";
export { type Compute, type FunctionCode, type Place, RedisVariable, type Timings, WebApp } from "./web-app";
