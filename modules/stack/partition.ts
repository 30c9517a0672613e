import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { PARTITION_NAMES, PARTITIONS_ALLOWED, type Partition } from "../partitions";

const ID = "partition";

/**
 * The partition of a provider whose region is known only at the plan, as tokens. The data source calls no API. Its
 * postcondition refuses, at the plan, the partitions that a synthesis refuses by the region.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/partition
 */
export function lookUpPartition(provider: AwsProvider): Partition {
  const existing = provider.node.tryFindChild(ID) as DataAwsPartition | undefined;
  const { partition: name, dnsSuffix } = existing ?? createDataSource(provider);
  return { name, dnsSuffix };
}

/** Below the provider: there is one for each provider, and its address takes no id from the program. */
function createDataSource(provider: AwsProvider): DataAwsPartition {
  const condition = `\${contains(${JSON.stringify(PARTITION_NAMES)}, self.partition)}`;
  const errorMessage = `region: got one of the partition \${self.partition}, allowed: ${PARTITIONS_ALLOWED}.`;
  return new DataAwsPartition(provider, ID, { provider, lifecycle: { postcondition: [{ condition, errorMessage }] } });
}
