import { TerraformLocal } from "cdktf";
import * as ours from "../../../modules";
import { ARTIFACT_BUCKET_PROPS } from "../../../modules/artifact/bucket";
import { ARTIFACT_FILE_PROPS } from "../../../modules/artifact/file";
import { ZIP_FILE_PROPS } from "../../../modules/artifact/zip";
import { SECURITY_GROUP_PROPS } from "../../../modules/connections/security-group";
import { EC2_FLEET_PROPS } from "../../../modules/ec2/ec2-fleet";
import { EC2_TOPOLOGY_PROPS } from "../../../modules/ec2/ec2-topology";
import { IMAGE_REPOSITORY_PROPS } from "../../../modules/ecs/image-repository";
import { ECS_TOPOLOGY_PROPS } from "../../../modules/ecs/props";
import { LAUNCH_HOOK_PROPS } from "../../../modules/instances/launch-hook";
import { INSTANCES_PROPS } from "../../../modules/instances/props";
import { LAMBDA_TOPOLOGY_PROPS } from "../../../modules/lambda/lambda-topology";
import { PHOTO_CACHE_PROPS } from "../../../modules/lambda/photo-cache";
import { LOAD_BALANCER_PROPS } from "../../../modules/load-balancer/props";
import { TARGET_GROUP_PROPS } from "../../../modules/load-balancer/target-group";
import { EXISTING_MEMCACHED_PROPS } from "../../../modules/memcached/existing-memcached";
import { MEMCACHED_CLUSTER_PROPS } from "../../../modules/memcached/props";
import { EXISTING_NETWORK_PROPS } from "../../../modules/network/existing-network-props";
import { NETWORK_PROPS } from "../../../modules/network/network";
import { REDIS_ADMINISTRATOR_PROPS } from "../../../modules/redis/administrator";
import { EXISTING_REDIS_PROPS } from "../../../modules/redis/existing-redis";
import { REDIS_CLUSTER_PROPS } from "../../../modules/redis/props";
import { REDIS_SERVERLESS_CACHE_PROPS } from "../../../modules/redis/serverless-props";
import { SESSION_APP_PROPS } from "../../../modules/web-app/session-app";
import { BUNDLE } from "../../foreign-programs/bundle";
import { ALARM_SAMPLES } from "./alarms";
import { CERTIFICATE, type Sample, SECURITY_GROUP, subnet } from "./parts";

const VISITORS = { http: true, allowedCidrs: ["203.0.113.0/24"] };
const HTTPS = { http: undefined, certificateArn: CERTIFICATE };

/** Each construct that the package exports and that takes props; the keys are their names. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  Network: {
    types: NETWORK_PROPS,
    props: () => ({}),
    make: (scope, id, props) => new ours.Network(scope, id, props),
  },
  "Network.fromExisting": {
    types: EXISTING_NETWORK_PROPS,
    props: () => ({ vpcId: "vpc-0123456789abcdef0", cidr: "10.0.0.0/16", privateSubnets: { a: subnet(2) } }),
    make: (scope, id, props) => {
      const network = ours.Network.fromExisting(scope, id, props);
      const securityGroup = new ours.SecurityGroup(scope, `${id}-group`, { network, description: "Group" });
      return network.reachAws({ securityGroup }, network.privateSubnets, ["secretsmanager"]);
    },
    beside: { cidrs: { cidr: undefined } },
  },
  RedisCluster: {
    types: REDIS_CLUSTER_PROPS,
    props: ({ network }) => ({ network }),
    make: (scope, id, props) => {
      const { connection } = new ours.RedisCluster(scope, id, props);
      return new TerraformLocal(scope, `${id}-connection`, { ...connection });
    },
    beside: {
      scaling: {
        shards: 3,
        nodeType: "cache.m7g.large",
        scaling: { shards: { min: 3, max: 6 }, replicas: { min: 1, max: 2 } },
      },
      existingUserGroup: {
        existingUserGroup: {
          userGroupId: "users",
          userName: "app",
          passwordSecretArn: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:password",
        },
      },
    },
  },
  "RedisCluster.fromExisting": {
    types: EXISTING_REDIS_PROPS,
    props: () => ({ host: "redis.example.com", securityGroupId: SECURITY_GROUP, auth: { kind: "none" } }),
    make: (scope, id, props) => {
      const redis = ours.RedisCluster.fromExisting(scope, id, props);
      return new TerraformLocal(scope, `${id}-connection`, { ...redis.connection, group: redis.securityGroup.id });
    },
  },
  RedisServerlessCache: {
    types: REDIS_SERVERLESS_CACHE_PROPS,
    props: ({ network }) => ({ network }),
    make: (scope, id, props) => {
      const { connection } = new ours.RedisServerlessCache(scope, id, props);
      return new TerraformLocal(scope, `${id}-connection`, { ...connection });
    },
    beside: {
      existingUserGroup: {
        existingUserGroup: {
          userGroupId: "users",
          userName: "app",
          passwordSecretArn: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:password",
        },
      },
    },
  },
  RedisAdministrator: {
    types: REDIS_ADMINISTRATOR_PROPS,
    props: () => ({
      redis: { cacheId: "c", arns: ["arn:aws:elasticache:ap-northeast-1:123456789012:replicationgroup:c"] },
    }),
    make: (scope, id, props) => new ours.RedisAdministrator(scope, id, props),
  },
  MemcachedCluster: {
    types: MEMCACHED_CLUSTER_PROPS,
    props: ({ network }) => ({ network }),
    make: (scope, id, props) => new ours.MemcachedCluster(scope, id, props),
  },
  "MemcachedCluster.fromExisting": {
    types: EXISTING_MEMCACHED_PROPS,
    props: () => ({ host: "photos.example.com", securityGroupId: SECURITY_GROUP }),
    make: (scope, id, props) => {
      const memcached = ours.MemcachedCluster.fromExisting(scope, id, props);
      return new TerraformLocal(scope, `${id}-connection`, {
        ...memcached.connection,
        group: memcached.securityGroup.id,
      });
    },
  },
  SecurityGroup: {
    types: SECURITY_GROUP_PROPS,
    props: ({ network }) => ({ network, description: "Group" }),
    make: (scope, id, props) => new ours.SecurityGroup(scope, id, props),
  },
  TargetGroup: {
    types: TARGET_GROUP_PROPS,
    props: (parts) => parts.targetProps(),
    make: (scope, id, props) => new ours.TargetGroup(scope, id, props),
  },
  LoadBalancer: {
    types: LOAD_BALANCER_PROPS,
    props: ({ network, target }) => ({ network, defaultTarget: target, ...VISITORS }),
    make: (scope, id, props) => new ours.LoadBalancer(scope, id, props),
    beside: { certificateArn: HTTPS, accessLogs: { accessLogs: { bucketName: "logs" } } },
  },
  Instances: {
    types: INSTANCES_PROPS,
    props: ({ network, role, group }) => ({
      name: "fleet",
      subnets: network.privateSubnets,
      publicAddresses: false,
      securityGroup: group,
      role,
      image: ours.MachineImages.AMAZON_LINUX_2023,
      instanceType: "t4g.small",
      rootVolumeGib: 8,
      detailedMonitoring: false,
      userData: "#!/bin/sh",
      dependables: [],
      minInstances: 2,
      maxInstances: 4,
    }),
    make: (scope, id, props) => new ours.Instances(scope, id, props),
    beside: {
      balanced: { balanced: { targetGroupArn: "arn", loadBalancerArnSuffix: "app", targetGroupArnSuffix: "target" } },
      scaling: { balanced: { targetGroupArn: "arn", loadBalancerArnSuffix: "app", targetGroupArnSuffix: "target" } },
    },
  },
  LaunchHook: {
    types: LAUNCH_HOOK_PROPS,
    props: ({ role }) => ({ role, autoScalingGroupName: "fleet" }),
    make: (scope, id, props) => new ours.LaunchHook(scope, id, props),
  },
  Ec2Topology: {
    types: EC2_TOPOLOGY_PROPS,
    props: ({ network, app }) => ({ network, app, allowedCidrs: VISITORS.allowedCidrs }),
    make: (scope, id, props) => new ours.Ec2Topology(scope, id, props),
    beside: { ssh: { ssh: { keyName: "key", cidrs: ["203.0.113.7/32"] } }, logRetentionDays: { logs: true } },
  },
  Ec2Fleet: {
    types: EC2_FLEET_PROPS,
    props: ({ network, app }) => ({ network, app, ...VISITORS }),
    make: (scope, id, props) => new ours.Ec2Fleet(scope, id, props),
    beside: { certificateArn: HTTPS, accessLogs: { accessLogs: { bucketName: "logs" } } },
  },
  EcsTopology: {
    types: ECS_TOPOLOGY_PROPS,
    props: ({ network, app }) => ({ network, app, ...VISITORS }),
    make: (scope, id, props) => new ours.EcsTopology(scope, id, props),
    beside: {
      certificateArn: HTTPS,
      accessLogs: { accessLogs: { bucketName: "logs" } },
      image: { image: { uri: "public.ecr.aws/example/shop:1.0.0" } },
      instances: { launchType: "EC2" },
      ssh: { launchType: "EC2", ssh: { keyName: "key", cidrs: ["203.0.113.7/32"] } },
      services: { services: [{ key: "web", paths: [] }] },
    },
  },
  ImageRepository: {
    types: IMAGE_REPOSITORY_PROPS,
    props: () => ({}),
    make: (scope, id, props) => new ours.ImageRepository(scope, id, props),
  },
  LambdaTopology: {
    types: LAMBDA_TOPOLOGY_PROPS,
    props: ({ network, app }) => ({ network, app }),
    make: (scope, id, props) => new ours.LambdaTopology(scope, id, props),
    beside: { domain: { domain: { name: "app.example.com", certificateArn: CERTIFICATE } } },
  },
  PhotoCache: {
    types: PHOTO_CACHE_PROPS,
    props: ({ network, memcached }) => ({ network, cache: memcached, bundle: BUNDLE }),
    make: (scope, id, props) => new ours.PhotoCache(scope, id, props),
  },
  SessionApp: {
    types: SESSION_APP_PROPS,
    props: ({ redis, bucket }) => ({ redis, artifacts: bucket, bundle: BUNDLE }),
    make: (scope, id, props) => {
      const app = new ours.SessionApp(scope, id, props);
      // Its environment is in no resource before an app runs somewhere.
      return new TerraformLocal(scope, `${id}-environment`, app.environmentAt({ scheme: "https", proxies: 1 }));
    },
  },
  ArtifactBucket: {
    types: ARTIFACT_BUCKET_PROPS,
    props: () => ({}),
    make: (scope, id, props) => new ours.ArtifactBucket(scope, id, props),
  },
  ArtifactFile: {
    types: ARTIFACT_FILE_PROPS,
    props: ({ bucket }) => ({ bucket, path: BUNDLE }),
    make: (scope, id, props) => new ours.ArtifactFile(scope, id, props),
  },
  ZipFile: {
    types: ZIP_FILE_PROPS,
    props: () => ({ path: BUNDLE }),
    make: (scope, id, props) => new ours.ZipFile(scope, id, props),
  },
  ...ALARM_SAMPLES,
};
