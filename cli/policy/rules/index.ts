import type { Rule } from "../rule";
import { alarmRules } from "./alarms";
import { computeRules } from "./compute";
import { containerRules } from "./containers";
import { elasticacheRules } from "./elasticache";
import { functionRules } from "./functions";
import { iamRules } from "./iam";
import { ingressRules } from "./ingress";
import { loadBalancerRules } from "./load-balancer";
import { networkRules } from "./network";
import { storageRules } from "./storage";

/** Every rule there is. */
export const RULES: readonly Rule[] = [
  ...networkRules,
  ...ingressRules,
  ...elasticacheRules,
  ...computeRules,
  ...iamRules,
  ...storageRules,
  ...loadBalancerRules,
  ...containerRules,
  ...functionRules,
  ...alarmRules,
];
