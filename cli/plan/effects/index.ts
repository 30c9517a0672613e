import { COMPUTE } from "./compute";
import { CONTAINERS } from "./containers";
import { DATABASES } from "./databases";
import { DYNAMODB } from "./dynamodb";
import type { TypeEffects } from "./effect";
import { ENTRANCES } from "./entrances";
import { FUNCTIONS } from "./functions";
import { IAM } from "./iam";
import { LOAD_BALANCING } from "./load-balancing";
import { MEMORYDB } from "./memorydb";
import { MESSAGING } from "./messaging";
import { NETWORK } from "./network";
import { NETWORK_ACLS } from "./network-acls";
import { OPERATIONS } from "./operations";
import { REDIS } from "./redis";
import { REDIS_PARAMETERS } from "./redis-parameters";
import { REDIS_USERS } from "./redis-users";
import { SERVERLESS } from "./serverless";
import { STORAGE } from "./storage";

/** Effects of changes at AWS, by resource type and argument; a change that is in no row is not judged. */
export const EFFECTS: Readonly<Record<string, TypeEffects>> = {
  ...COMPUTE,
  ...CONTAINERS,
  ...DATABASES,
  ...DYNAMODB,
  ...ENTRANCES,
  ...FUNCTIONS,
  ...IAM,
  ...LOAD_BALANCING,
  ...MEMORYDB,
  ...MESSAGING,
  ...NETWORK,
  ...NETWORK_ACLS,
  ...OPERATIONS,
  ...REDIS,
  ...REDIS_PARAMETERS,
  ...REDIS_USERS,
  ...SERVERLESS,
  ...STORAGE,
};
