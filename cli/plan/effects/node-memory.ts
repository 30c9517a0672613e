/** Memory of a node by size, in GiB: the part of a machine that ElastiCache gives to the engine. */
const GENERAL = { large: 6.38, xlarge: 12.93, "2xlarge": 26.04, "4xlarge": 52.26 };
const MEMORY = { large: 13.07, xlarge: 26.32, "2xlarge": 52.82, "4xlarge": 105.81 };
const GRAVITON_GENERAL = { ...GENERAL, "8xlarge": 103.68, "12xlarge": 157.12, "16xlarge": 209.55 };
const GRAVITON_MEMORY = { ...MEMORY, "8xlarge": 209.55, "12xlarge": 317.77, "16xlarge": 419.09 };
const BURSTABLE = { micro: 0.5, small: 1.37, medium: 3.09 };

/**
 * @see https://aws.amazon.com/elasticache/pricing/
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const FAMILIES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  t2: { micro: 0.555, small: 1.55, medium: 3.22 },
  t3: BURSTABLE,
  t4g: BURSTABLE,
  m4: { large: 6.42, xlarge: 14.28, "2xlarge": 29.7, "4xlarge": 60.78, "10xlarge": 154.64 },
  m5: { ...GENERAL, "12xlarge": 157.12, "24xlarge": 314.32 },
  m6g: GRAVITON_GENERAL,
  m7g: GRAVITON_GENERAL,
  r4: { large: 12.3, xlarge: 25.05, "2xlarge": 50.47, "4xlarge": 101.38, "8xlarge": 203.26, "16xlarge": 407 },
  r5: { ...MEMORY, "12xlarge": 317.77, "24xlarge": 635.61 },
  r6g: GRAVITON_MEMORY,
  r6gd: GRAVITON_MEMORY,
  r7g: GRAVITON_MEMORY,
};

/** Memory of a node type such as `cache.t4g.small` or `db.r7g.large`, in GiB; undefined for one that is not listed. */
export function findMemory(nodeType: unknown): number | undefined {
  const [, family = "", size = ""] = String(nodeType).split(".");
  return FAMILIES[family]?.[size];
}
