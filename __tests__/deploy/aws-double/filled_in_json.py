"""Members that AWS fills into its answers in JSON, and lists that it writes in another order."""
from filled_in_row import Row, at, members

_ECS = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/api/"
_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/"
_LOGS = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"
_HTTP_API = "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/"
_TASK_DEFINITIONS = ("RegisterTaskDefinition", "DescribeTaskDefinition")
_SERVICES = ("CreateService", "UpdateService", "DescribeServices")
_CONTAINERS = "taskDefinition.containerDefinitions[]"
_FUNCTIONS = ("CreateFunction", "GetFunction", "GetFunctionConfiguration", "UpdateFunctionCode", "UpdateFunctionConfiguration")


def _capabilities(answer, is_in):
    for capabilities in at(answer, _CONTAINERS + ".linuxParameters.capabilities") if is_in else []:
        for name in ("add", "drop"):
            capabilities.setdefault(name, [])


def _port_mappings(answer, is_in):
    """In awsvpc a host port is the container's, in bridge 0 asks for any."""
    is_awsvpc = answer["taskDefinition"].get("networkMode") == "awsvpc"
    for mapping in at(answer, _CONTAINERS + ".portMappings[]"):
        filled = {"hostPort": mapping["containerPort"] if is_awsvpc else 0, "protocol": "tcp"}
        for name, value in filled.items():
            if is_in:
                mapping.setdefault(name, value)
            elif mapping.get(name) == value:
                mapping.pop(name)


def _order(answer, is_in):
    for container in at(answer, _CONTAINERS) if is_in else []:
        for name in ("environment", "secrets"):
            if container.get(name):
                container[name] = sorted(container[name], key=lambda pair: pair["name"], reverse=True)


ROWS = (
    # Reported: https://github.com/braintrustdata/terraform-aws-braintrust-data-plane/pull/335
    Row("ecs-capabilities", "ecs", _TASK_DEFINITIONS, _ECS + "API_KernelCapabilities.html", _capabilities),
    # As reported: https://github.com/hashicorp/terraform-aws-consul-ecs/issues/318
    Row(
        "ecs-container", "ecs", _TASK_DEFINITIONS, _ECS + "API_ContainerDefinition.html",
        members(_CONTAINERS, cpu=0, environment=[], essential=True, mountPoints=[], portMappings=[], systemControls=[], volumesFrom=[]),
    ),
    Row("ecs-port-mappings", "ecs", _TASK_DEFINITIONS, _ECS + "API_PortMapping.html", _port_mappings),
    # As reported: https://github.com/hashicorp/terraform/issues/23780
    Row("ecs-environment-order", "ecs", _TASK_DEFINITIONS, _ECS + "API_ContainerDefinition.html", _order),
    Row("ecs-volume-host", "ecs", _TASK_DEFINITIONS, _ECS + "API_Volume.html", members("taskDefinition.volumes[]", host={})),
    Row("ecs-task-definition", "ecs", _TASK_DEFINITIONS, _ECS + "API_TaskDefinition.html", members("taskDefinition", placementConstraints=[])),
    Row(
        "ecs-service", "ecs", _SERVICES, _ECS + "API_Service.html",
        members("service", "services[]", placementConstraints=[], placementStrategy=[], serviceRegistries=[], schedulingStrategy="REPLICA"),
    ),
    Row(
        "ecs-deployment", "ecs", _SERVICES, _ECS + "API_DeploymentConfiguration.html",
        members("service.deploymentConfiguration", "services[].deploymentConfiguration", strategy="ROLLING", bakeTimeInMinutes=0),
    ),
    Row(
        "lambda-function", "lambda", _FUNCTIONS, _LAMBDA + "API_FunctionConfiguration.html",
        members(
            "Configuration", EphemeralStorage={"Size": 512}, PackageType="Zip", SnapStart={"ApplyOn": "None", "OptimizationStatus": "Off"},
            TracingConfig={"Mode": "PassThrough"},
        ),
    ),
    Row("lambda-vpc", "lambda", _FUNCTIONS, _LAMBDA + "API_VpcConfigResponse.html", members("Configuration.VpcConfig", "VpcConfig", Ipv6AllowedForDualStack=False)),
    Row(
        "dynamodb-throughput", "dynamodb", ("CreateTable", "DescribeTable", "UpdateTable"), _DYNAMODB + "API_ProvisionedThroughputDescription.html",
        members("TableDescription", "Table", ProvisionedThroughput={"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}),
    ),
    # The amounts of a new table: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
    Row(
        "dynamodb-warm-throughput", "dynamodb", ("CreateTable", "DescribeTable", "UpdateTable"), _DYNAMODB + "API_TableWarmThroughputDescription.html",
        members("TableDescription", "Table", WarmThroughput={"ReadUnitsPerSecond": 12000, "Status": "ACTIVE", "WriteUnitsPerSecond": 4000}),
    ),
    Row(
        "dynamodb-recovery-period", "dynamodb", ("DescribeContinuousBackups", "UpdateContinuousBackups"), _DYNAMODB + "API_PointInTimeRecoveryDescription.html",
        members("ContinuousBackupsDescription.PointInTimeRecoveryDescription", RecoveryPeriodInDays=35),
    ),
    Row("log-group-class", "logs", ("DescribeLogGroups",), _LOGS + "API_LogGroup.html", members("logGroups[]", logGroupClass="STANDARD")),
    Row(
        "http-api", "apigatewayv2", ("CreateApi", "GetApi", "UpdateApi"), _HTTP_API + "apis-apiid.html",
        members("", apiKeySelectionExpression="$request.header.x-api-key", ipAddressType="ipv4", routeSelectionExpression="$request.method $request.path"),
    ),
    Row(
        "http-api-stage", "apigatewayv2", ("CreateStage", "GetStage", "UpdateStage"), _HTTP_API + "apis-apiid-stages-stagename.html",
        members("", defaultRouteSettings={"detailedMetricsEnabled": False}, routeSettings={}, stageVariables={}),
    ),
    Row(
        "http-api-integration", "apigatewayv2", ("CreateIntegration", "GetIntegration", "UpdateIntegration"), _HTTP_API + "apis-apiid-integrations-integrationid.html",
        members("", connectionType="INTERNET"),
    ),
    Row(
        "http-api-route", "apigatewayv2", ("CreateRoute", "GetRoute", "UpdateRoute"), _HTTP_API + "apis-apiid-routes-routeid.html",
        members("", apiKeyRequired=False, authorizationType="NONE"),
    ),
)
