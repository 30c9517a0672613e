/** A row of the table: the answer that a caller gets, and the resources that a plan changes where AWS answers otherwise. */
export interface Habit {
  /** Asks for it, in words of the AWS CLI. `<name>` stands for an id, by the names of `readIds`. */
  readonly ask: string;
  /** Its place in the answer: https://jmespath.org */
  readonly query: string;
  /** The value there, with the row. */
  readonly answer: unknown;
  /** Addresses that a plan changes without the row, beside the usual ones. @default - nothing: the provider evens it out */
  readonly changes?: readonly string[];
  /** Address that a plan does not change without the row. */
  readonly noLongerChanges?: string;
}

const SAID = "ecs describe-task-definition --task-definition said";
const SERVICE = "ecs describe-services --cluster one --services one";
const FUNCTION = "lambda get-function --function-name one";
const TABLE = "dynamodb describe-table --table-name one";
const API = "apigatewayv2 get-api --api-id <api>";
const TEMPLATE = "ec2 describe-launch-template-versions --launch-template-name one";
const LISTENER = "elbv2 describe-listeners --listener-arns <listener>";
const off = "off";

/** A task definition and a user whose arguments AWS answers otherwise: our stacks write what it answers. */
export const [UNSAID, SHORT] = ["aws_ecs_task_definition.unsaid", "aws_elasticache_user.short"];

/** Each row of the tables filled_in_json.py and filled_in_xml.py. */
export const HABITS: Readonly<Record<string, Habit>> = {
  "ecs-capabilities": {
    ask: "ecs describe-task-definition --task-definition unsaid",
    query: "taskDefinition.containerDefinitions[0].linuxParameters.capabilities",
    answer: { add: [], drop: ["ALL"] },
    noLongerChanges: UNSAID,
  },
  "ecs-container": {
    ask: SAID,
    query: "taskDefinition.containerDefinitions[0].[cpu, essential, systemControls, volumesFrom]",
    answer: [0, true, [], []],
  },
  "ecs-port-mappings": {
    ask: SAID,
    query: "taskDefinition.containerDefinitions[0].portMappings",
    answer: [{ containerPort: 5000, hostPort: 5000, protocol: "tcp" }],
  },
  "ecs-environment-order": {
    ask: SAID,
    query: "taskDefinition.containerDefinitions[0].environment[].name",
    answer: ["TWO", "ONE"],
  },
  "ecs-volume-host": { ask: SAID, query: "taskDefinition.volumes[0].host", answer: {} },
  "ecs-task-definition": { ask: SAID, query: "taskDefinition.placementConstraints", answer: [] },
  "ecs-service": {
    ask: SERVICE,
    query: "services[0].[placementConstraints, serviceRegistries, schedulingStrategy]",
    answer: [[], [], "REPLICA"],
    changes: ["aws_ecs_service.one"],
  },
  "ecs-deployment": {
    ask: SERVICE,
    query: "services[0].deploymentConfiguration.[strategy, bakeTimeInMinutes]",
    answer: ["ROLLING", 0],
  },
  "lambda-function": {
    ask: FUNCTION,
    query: "Configuration.[EphemeralStorage.Size, PackageType, SnapStart.ApplyOn, TracingConfig.Mode]",
    answer: [512, "Zip", "None", "PassThrough"],
    changes: ["aws_lambda_function.one", "aws_apigatewayv2_integration.one"],
  },
  "lambda-vpc": { ask: FUNCTION, query: "Configuration.VpcConfig.Ipv6AllowedForDualStack", answer: false },
  "dynamodb-throughput": { ask: TABLE, query: "Table.ProvisionedThroughput.ReadCapacityUnits", answer: 0 },
  "dynamodb-warm-throughput": {
    ask: TABLE,
    query: "Table.WarmThroughput",
    answer: { ReadUnitsPerSecond: 12000, Status: "ACTIVE", WriteUnitsPerSecond: 4000 },
  },
  "dynamodb-recovery-period": {
    ask: "dynamodb describe-continuous-backups --table-name one",
    query: "ContinuousBackupsDescription.PointInTimeRecoveryDescription.RecoveryPeriodInDays",
    answer: 35,
  },
  "log-group-class": {
    ask: "logs describe-log-groups --log-group-name-prefix /one",
    query: "logGroups[0].logGroupClass",
    answer: "STANDARD",
  },
  "http-api": {
    ask: API,
    query: "RouteSelectionExpression",
    answer: "$request.method $request.path",
    changes: ["aws_apigatewayv2_api.one"],
  },
  "http-api-stage": {
    ask: "apigatewayv2 get-stage --api-id <api> --stage-name $default",
    query: "[DefaultRouteSettings.DetailedMetricsEnabled, RouteSettings]",
    answer: [false, {}],
  },
  "http-api-integration": {
    ask: "apigatewayv2 get-integration --api-id <api> --integration-id <integration>",
    query: "ConnectionType",
    answer: "INTERNET",
    changes: ["aws_apigatewayv2_integration.one"],
  },
  "http-api-route": {
    ask: "apigatewayv2 get-route --api-id <api> --route-id <route>",
    query: "[ApiKeyRequired, AuthorizationType]",
    answer: [false, "NONE"],
    changes: ["aws_apigatewayv2_route.one"],
  },
  "cache-group": {
    ask: "elasticache describe-replication-groups --replication-group-id one",
    query: "ReplicationGroups[0].[IpDiscovery, NetworkType, SnapshotWindow]",
    answer: ["ipv4", "ipv4", "03:00-04:00"],
  },
  "cache-cluster": {
    ask: "elasticache describe-cache-clusters --cache-cluster-id one-001",
    query: "CacheClusters[0].[NetworkType, PreferredMaintenanceWindow, ReplicationGroupLogDeliveryEnabled]",
    answer: ["ipv4", "sun:05:00-sun:06:00", false],
  },
  "cache-user": {
    ask: "elasticache describe-users --user-id said",
    query: "Users[0].MinimumEngineVersion",
    answer: "6.0",
  },
  "cache-access-string": {
    ask: "elasticache describe-users --user-id short",
    query: "Users[0].AccessString",
    answer: "on ~* -@all +get",
    noLongerChanges: SHORT,
  },
  "launch-template-metadata": {
    ask: TEMPLATE,
    query:
      "LaunchTemplateVersions[0].LaunchTemplateData.MetadataOptions.[HttpProtocolIpv6, InstanceMetadataTags, State]",
    answer: ["disabled", "disabled", "pending"],
  },
  "instance-metadata": {
    ask: "ec2 describe-instances --instance-ids <instance>",
    query: "Reservations[0].Instances[0].MetadataOptions.[HttpProtocolIpv6, InstanceMetadataTags, State]",
    answer: ["disabled", "disabled", "applied"],
    changes: ["aws_instance.one"],
  },
  "instance-credits": {
    ask: "ec2 describe-instance-credit-specifications --instance-ids <instance>",
    query: "InstanceCreditSpecifications[0].CpuCredits",
    answer: "unlimited",
  },
  "security-group-rule": {
    ask: "ec2 describe-security-group-rules --filters Name=group-id,Values=<security>",
    query: "SecurityGroupRules[?ReferencedGroupInfo].ReferencedGroupInfo.UserId | [0]",
    answer: "123456789012",
  },
  "listener-forward": {
    ask: LISTENER,
    query: "Listeners[0].DefaultActions[0].ForwardConfig.[TargetGroups[0].Weight, TargetGroupStickinessConfig.Enabled]",
    answer: [1, false],
  },
  "listener-mutual-authentication": { ask: LISTENER, query: "Listeners[0].MutualAuthentication.Mode", answer: off },
  "load-balancer-attributes": {
    ask: "elbv2 describe-load-balancer-attributes --load-balancer-arn <balancer>",
    query: "Attributes[?Key=='client_keep_alive.seconds'].Value",
    answer: ["3600"],
  },
  "target-group-attributes": {
    ask: "elbv2 describe-target-group-attributes --target-group-arn <group>",
    query: "Attributes[?Key=='load_balancing.algorithm.anomaly_mitigation'].Value",
    answer: [off],
  },
  "listener-attributes": {
    ask: "elbv2 describe-listener-attributes --listener-arn <listener>",
    query: "Attributes[?Key=='routing.http.response.server.enabled'].Value",
    answer: ["true"],
  },
  "role-policy-order": {
    ask: "iam get-role-policy --role-name one --policy-name one",
    query: "PolicyDocument.Statement[0].[Action, Resource]",
    answer: [["s3:GetObjectVersion", "s3:GetObject"], "*"],
  },
  "endpoint-policy-order": {
    ask: "ec2 describe-vpc-endpoints --vpc-endpoint-ids <endpoint>",
    query: `contains(VpcEndpoints[0].PolicyDocument, '"s3:PutObject", "s3:GetObject"')`,
    answer: true,
  },
  "bucket-policy-order": {
    ask: "s3api get-bucket-policy --bucket one-of-what-aws-fills-in",
    query: `contains(Policy, '/*", "arn')`,
    answer: true,
  },
  "bucket-encryption": {
    ask: "s3api get-bucket-encryption --bucket one-of-what-aws-fills-in",
    query: "ServerSideEncryptionConfiguration.Rules[0].[BlockedEncryptionTypes.EncryptionType, BucketKeyEnabled]",
    answer: [["SSE-C"], false],
  },
  "bucket-lifecycle": {
    ask: "s3api get-bucket-lifecycle-configuration --bucket one-of-what-aws-fills-in",
    query: "TransitionDefaultMinimumObjectSize",
    answer: "all_storage_classes_128K",
    changes: ["aws_s3_bucket_lifecycle_configuration.one"],
  },
  "scaling-policy-enabled": {
    ask: "autoscaling describe-policies --auto-scaling-group-name one",
    query: "ScalingPolicies[0].Enabled",
    answer: true,
    changes: ["aws_autoscaling_policy.one"],
  },
};
