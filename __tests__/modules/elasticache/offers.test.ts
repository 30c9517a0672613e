import { RedisEngine } from "../../../modules/redis";
import { type Props, redis, warningsOf } from "../redis/stack";

/** No property is refused for being unlisted, so that a launch of AWS' breaks no program. */
test.each<{ what: string; props: Props; warning: string | RegExp }>([
  {
    what: "a version that is newer than the list",
    props: { engine: RedisEngine.of({ engine: "valkey", version: "9.7" }) },
    warning:
      /^engine: this version does not know valkey 9\.7\. .*"aws elasticache describe-cache-engine-versions --engine valkey"/,
  },
  {
    what: "a Redis OSS after its last",
    props: { engine: RedisEngine.of({ engine: "redis", version: "7.2" }) },
    warning: /^engine: this version does not know redis 7\.2\./,
  },
  {
    what: "a family that is newer than the list",
    props: { nodeType: "cache.m9g.large" },
    warning: /^nodeType: this version does not know cache\.m9g\.large\. If ElastiCache offers it, nothing is wrong/,
  },
  {
    what: "a misspelt size",
    props: { nodeType: "cache.t4g.mikro" },
    warning: /does not know cache\.t4g\.mikro, but micro, small, medium of t4g\./,
  },
  {
    what: "the 8th generation with Redis OSS",
    props: { nodeType: "cache.r8g.large" },
    warning: /^nodeType: AWS lists cache\.r8g\.large for Valkey and memcached, and not for Redis OSS\./,
  },
  {
    what: "a generation that is not sold any more",
    props: { nodeType: "cache.t2.micro" },
    warning: /^nodeType: AWS creates no new caches of cache\.t2\.micro; an existing one goes on\./,
  },
])("warns of $what", ({ props, warning }) => {
  expect(warningsOf(props)).toEqual([expect.stringMatching(warning)]);
  const { node_type, engine_version } = redis(props).the("aws_elasticache_replication_group");
  expect([node_type, engine_version]).toEqual([props.nodeType ?? node_type, props.engine?.version ?? engine_version]);
});

test.each<Props>([
  {},
  { engine: RedisEngine.VALKEY_9_1, nodeType: "cache.r8g.large" },
  { engine: RedisEngine.VALKEY_8_2, nodeType: "cache.r6gd.xlarge" },
])("says nothing of what AWS lists: $nodeType", (props) => {
  expect(warningsOf(props)).toEqual([]);
});
