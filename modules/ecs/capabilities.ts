/**
 * A container without any Linux capability. ECS answers with both lists, and the provider compares its answer with the
 * definition literally: without the empty one, each plan replaces the task definition and redeploys its service.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html
 * @see https://github.com/braintrustdata/terraform-aws-braintrust-data-plane/pull/335
 */
export const NO_CAPABILITIES = { add: [], drop: ["ALL"] } as const;
