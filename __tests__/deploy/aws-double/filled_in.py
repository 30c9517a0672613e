"""What AWS fills into its answers, and moto does not: a table, each row with its source.

Each row changes a plan; filled-in.test.ts takes each out once and sees that. What AWS fills in too and Terraform's provider
evens out is left out: of container definitions essential, empty lists, the protocol and host port of port mappings, interval,
timeout and retries of health checks. Tried, and no plan shows that they are missing:
of services deploymentConfiguration and availabilityZoneRebalancing.
https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ecs/container_definitions.go
"""
import json
from typing import Callable, NamedTuple

from botocore.parsers import create_parser
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from call_operation import UnknownCall, find_operation, read_scope
from call_request import Request
from rules import is_off, wrap


class Row(NamedTuple):
    name: str
    service: str
    operations: tuple
    source: str
    fill: Callable


def _containers(answer):
    return answer.get("taskDefinition", {}).get("containerDefinitions", [])


def _fill_capabilities(answer):
    for container in _containers(answer):
        capabilities = (container.get("linuxParameters") or {}).get("capabilities")
        if capabilities:
            container["linuxParameters"]["capabilities"] = {"add": [], "drop": [], **capabilities}


def _fill_enabled(answer):
    for policy in answer.get("ScalingPolicies", []):
        policy.setdefault("Enabled", True)


_TASK_DEFINITIONS = ("RegisterTaskDefinition", "DescribeTaskDefinition")
_ECS = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"

ROWS = (
    # Reported: https://github.com/braintrustdata/terraform-aws-braintrust-data-plane/pull/335
    Row("ecs-capabilities", "ecs", _TASK_DEFINITIONS, _ECS + "API_KernelCapabilities.html", _fill_capabilities),
    Row(
        "scaling-policy-enabled", "autoscaling", ("DescribePolicies",),
        "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html", _fill_enabled,
    ),
)


def _fill(body, operation, rows):
    service = operation.service_model
    if service.protocol == "json":
        answer = json.loads(body)
    else:
        response = {"body": body, "status_code": 200, "headers": {}, "context": {"operation_name": operation.name}}
        answer = create_parser(service.protocol).parse(response, operation.output_shape)
        answer.pop("ResponseMetadata", None)
    for row in rows:
        row.fill(answer)
    if service.protocol == "json":
        return json.dumps(answer).encode()
    # moto serializes by its own kind of model.
    own = get_service_model(service.service_name).operation_model(operation.name)
    filled = get_serializer_class(service.service_name, service.protocol)(own).serialize(answer)["body"]
    return filled if isinstance(filled, bytes) else filled.encode()


def _operation(environ):
    request = Request.of(environ)
    scope = read_scope(request)
    try:
        return find_operation(request, scope[1])[0] if scope else None
    except UnknownCall:
        return None


@wrap(DomainDispatcherApplication, "__call__")
def answer_filled_in(ask, self, environ, start_response):
    operation = _operation(environ)
    rows = [
        row for row in ROWS
        if operation and row.service == operation.service_model.service_name and operation.name in row.operations and not is_off(row.name)
    ]
    if not rows:
        return ask(self, environ, start_response)
    given = []

    def started(status, headers, *error):
        given[:] = status, headers
        return lambda written: None

    body = b"".join(ask(self, environ, started))
    status, headers = given
    if status.startswith("2"):
        body = _fill(body, operation, rows)
        headers = [*((name, value) for name, value in headers if name.lower() != "content-length"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]
