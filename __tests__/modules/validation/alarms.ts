import * as ours from "../../../modules";
import { FLEET_ALARMS_PROPS } from "../../../modules/alarms/fleet-alarms";
import { FUNCTION_ALARMS_PROPS } from "../../../modules/alarms/function-alarms";
import { INSTANCE_ALARMS_PROPS } from "../../../modules/alarms/instance-alarms";
import { LOAD_BALANCER_ALARMS_PROPS } from "../../../modules/alarms/load-balancer-alarms";
import { MEMCACHED_ALARMS_PROPS } from "../../../modules/alarms/memcached-alarms";
import { MONITORING_PROPS } from "../../../modules/alarms/monitoring";
import { REDIS_ALARMS_PROPS } from "../../../modules/alarms/redis-alarms";
import { REDIS_SERVERLESS_ALARMS_PROPS } from "../../../modules/alarms/redis-serverless-alarms";
import { SERVICE_ALARMS_PROPS } from "../../../modules/alarms/service-alarms";
import { SESSION_ALARMS_PROPS } from "../../../modules/alarms/session-alarms";
import type { Sample } from "./parts";

const watched = { dependables: [] };

/** The constructs that watch others, under their names. */
export const ALARM_SAMPLES: Readonly<Record<string, Sample>> = {
  Monitoring: {
    types: MONITORING_PROPS,
    props: () => ({ region: "ap-northeast-1" }),
    make: (scope, id, props) => {
      const monitoring = new ours.Monitoring(scope, id, props);
      const redis = { cacheId: "c", members: ["c-001"], nodeType: "cache.t4g.micro", replicas: 0, scales: false };
      return new ours.RedisAlarms(scope, `${id}-alarms`, { redis: { ...redis, ...watched }, monitoring });
    },
  },
  RedisAlarms: {
    types: REDIS_ALARMS_PROPS,
    props: ({ monitoring }) => ({
      redis: { cacheId: "c", members: ["c-001"], nodeType: "cache.t4g.micro", replicas: 0, scales: false, ...watched },
      monitoring,
    }),
    make: (scope, id, props) => new ours.RedisAlarms(scope, id, props),
  },
  RedisServerlessAlarms: {
    types: REDIS_SERVERLESS_ALARMS_PROPS,
    props: ({ monitoring }) => ({
      redis: {
        cacheId: "c",
        dataStorageGb: { max: 5 },
        ecpuPerSecond: { max: 5000 },
        connectionLimit: 65_000,
        ...watched,
      },
      monitoring,
    }),
    make: (scope, id, props) => new ours.RedisServerlessAlarms(scope, id, props),
  },
  FleetAlarms: {
    types: FLEET_ALARMS_PROPS,
    props: ({ monitoring }) => ({ fleet: { autoScalingGroupName: "web", ...watched }, monitoring }),
    make: (scope, id, props) => new ours.FleetAlarms(scope, id, props),
  },
  InstanceAlarms: {
    types: INSTANCE_ALARMS_PROPS,
    props: ({ monitoring }) => ({ instance: { instanceId: "i-0123456789abcdef0", ...watched }, monitoring }),
    make: (scope, id, props) => new ours.InstanceAlarms(scope, id, props),
  },
  MemcachedAlarms: {
    types: MEMCACHED_ALARMS_PROPS,
    props: ({ monitoring }) => ({ memcached: { clusterId: "c", nodes: 1, ...watched }, monitoring }),
    make: (scope, id, props) => new ours.MemcachedAlarms(scope, id, props),
  },
  LoadBalancerAlarms: {
    types: LOAD_BALANCER_ALARMS_PROPS,
    props: ({ monitoring, target }) => ({
      loadBalancer: { arnSuffix: "app/web", ...watched },
      targetGroups: { web: target },
      monitoring,
    }),
    make: (scope, id, props) => new ours.LoadBalancerAlarms(scope, id, props),
  },
  ServiceAlarms: {
    types: SERVICE_ALARMS_PROPS,
    props: ({ monitoring }) => ({
      clusterName: "web",
      services: { web: { serviceName: "web", minTasks: 2, ...watched } },
      monitoring,
    }),
    make: (scope, id, props) => new ours.ServiceAlarms(scope, id, props),
  },
  SessionAlarms: {
    types: SESSION_ALARMS_PROPS,
    props: ({ monitoring }) => ({ app: { metricsName: "web-app" }, monitoring }),
    make: (scope, id, props) => new ours.SessionAlarms(scope, id, props),
  },
  FunctionAlarms: {
    types: FUNCTION_ALARMS_PROPS,
    props: ({ monitoring }) => ({ function: { functionName: "web", timeoutSeconds: 15, ...watched }, monitoring }),
    make: (scope, id, props) => new ours.FunctionAlarms(scope, id, props),
  },
};
