"""Which operation of AWS' service models a request is.

The models are botocore's: https://github.com/boto/botocore/tree/develop/botocore/data
"""
import functools
import re
from urllib.parse import unquote

import botocore.session

# Services whose model has another name than the scope that their requests are signed for.
_MODELS = {"elasticloadbalancing": "elbv2", "monitoring": "cloudwatch"}
_SCOPE = re.compile(r"Credential=([^/]+)/[^/]+/[^/]+/([^/]+)/")
_session = botocore.session.get_session()


class UnknownCall(Exception):
    """No operation of a model fits the request."""


@functools.cache
def service_model(name):
    return _session.get_service_model(name)


def read_scope(request):
    """Access key and service of a signed request; None of one that is not signed.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    """
    scope = _SCOPE.search(request.headers.get("authorization", ""))
    return scope and scope.groups()


def find_operation(request, signing_name):
    """The operation's model, and what its URI binds."""
    name = _MODELS.get(signing_name, signing_name)
    if signing_name == "apigateway" and request.path.startswith("/v2/"):
        name = "apigatewayv2"
    try:
        service = service_model(name)
    except botocore.exceptions.UnknownServiceError:
        raise UnknownCall(f"{name}: botocore has no model of this service") from None
    target = request.headers.get("x-amz-target")
    operation = target.rsplit(".", 1)[-1] if target else request.form.get("Action")
    if operation is None:
        return _operation_by_uri(service, request)
    if operation not in service.operation_names:
        raise UnknownCall(f"{name}: has no operation {operation}")
    return service.operation_model(operation), {}


def _operation_by_uri(service, request):
    path = request.path
    bucket = re.match(r"(.+)\.s3[.-]", request.headers.get("host", ""))
    if service.service_name == "s3" and bucket:
        path = f"/{bucket[1]}{path}"
    fits = []
    query = request.query
    for rank, operation, pattern, names, literals, required in _routes(service.service_name):
        uri = pattern.fullmatch(path)
        if operation.http["method"] != request.method or not uri:
            continue
        if any(query.get(key) != value for key, value in literals.items()):
            continue
        if all(key in (query if place == "querystring" else request.headers) for place, key in required):
            fits.append((rank, operation, dict(zip(names, map(unquote, uri.groups())))))
    if not fits:
        raise UnknownCall(f"{service.service_name}: has no operation {request.method} {path}")
    _, operation, uri = max(fits, key=lambda fit: fit[0])
    return operation, uri


def _required(shape):
    """Where a request has what its operation requires beside the path: (querystring or header, name)."""
    members = [shape.members[name] for name in shape.required_members] if shape else []
    places = [(member.serialization.get("location"), member.serialization.get("name", "")) for member in members]
    return [(place, name.lower() if place == "header" else name) for place, name in places if place in ("querystring", "header")]


@functools.cache
def _routes(service_name):
    """Operations of a REST service: rank, model, path's pattern and names, query's literals, and what is required."""
    service = service_model(service_name)
    routes = []
    for name in service.operation_names:
        operation = service.operation_model(name)
        path, _, query = operation.http["requestUri"].partition("?")
        literals = dict(pair.partition("=")[::2] for pair in query.split("&") if pair)
        required = _required(operation.input_shape)
        parts = [part for part in re.split(r"(\{[^}]+\})", path) if part]
        names = [part.strip("{+}") for part in parts if part.startswith("{")]
        # The more an operation asks of a request, the better it fits; a model keeps those that have been replaced.
        literal = sum(len(part) for part in parts if not part.startswith("{"))
        rank = (literal, len(names), len(literals) + len(required), not operation.deprecated)
        pattern = re.compile("".join(_part_pattern(part) for part in parts) + "/?")
        routes.append((rank, operation, pattern, names, literals, required))
    return routes


def _part_pattern(part):
    if part.startswith("{"):
        return "(.+)" if part.endswith("+}") else "([^/]+)"
    return re.escape(part)
