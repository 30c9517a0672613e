"""Writes down each signed call, a line of JSON each, in the file that DOUBLE_CALLS_FILE names.

time        seconds since 1970
who         {accessKey, program}: the key that signed it, and "terraform", "aws-cli" or what the client calls itself
service     the model's name (elbv2); signingName is the one it is signed for (elasticloadbalancing)
operation   the model's name (CreateReplicationGroup)
parameters  by the model's names; what the model calls sensitive, and files, by their size alone
status      HTTP status of the answer
values      how many values were held against the model
findings    [{member, got, allowed}]: where the call is not as the model has it; what cannot be read is one too
"""
import io
import json
import os
import threading
import time
from urllib.parse import parse_qs, parse_qsl

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from call_operation import UnknownCall, find_operation, read_scope
from call_parameters import read_parameters
from model_check import Check
from rules import wrap

_lock = threading.Lock()
_FORM = "application/x-www-form-urlencoded"


class Request:
    def __init__(self, environ):
        self.method = environ["REQUEST_METHOD"]
        # As sent: moto's own PATH_INFO is decoded.
        self.path = (environ.get("RAW_URI") or environ["PATH_INFO"]).partition("?")[0]
        self.queries = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        self.query = {name: values[0] for name, values in self.queries.items()}
        self.headers = {name[5:].lower().replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])) if environ.get("CONTENT_LENGTH") else b""
        environ["wsgi.input"] = io.BytesIO(body)
        self.body = _unchunked(body) if "aws-chunked" in self.headers.get("content-encoding", "") else body
        is_form = environ.get("CONTENT_TYPE", "").startswith(_FORM)
        self.form = dict(parse_qsl(body.decode(), keep_blank_values=True)) if is_form else {}


def _unchunked(body):
    """https://docs.aws.amazon.com/AmazonS3/latest/developerguide/sigv4-streaming.html"""
    content = b""
    while body:
        head, _, rest = body.partition(b"\r\n")
        size = int(head.partition(b";")[0] or b"0", 16)
        if size == 0:
            break
        content, body = content + rest[:size], rest[size + 2 :]
    return content


def _program(agent):
    for part, name in (("Terraform/", "terraform"), ("aws-cli/", "aws-cli")):
        if part in agent:
            return name
    return agent.partition(" ")[0]


def _shown(shape, value):
    if shape is None:
        return value
    if shape.metadata.get("sensitive") or shape.type_name == "blob":
        return f"<{len(str(value))} characters>"
    if isinstance(value, dict):
        members = getattr(shape, "members", {})
        return {name: _shown(members.get(name, getattr(shape, "value", None)), inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shown(getattr(shape, "member", None), inner) for inner in value]
    return value


def read_call(request, signing_name):
    """Service, operation, parameters, and what holding them against the model came to."""
    call = {"service": signing_name, "signingName": signing_name, "operation": "?", "parameters": {}, "values": 0}
    try:
        operation, uri = find_operation(request, signing_name)
        call.update(service=operation.service_model.service_name, operation=operation.name)
        parameters = read_parameters(operation, request, uri)
        check = Check(operation.input_shape, parameters)
    except (UnknownCall, ValueError, SyntaxError, AttributeError, TypeError, KeyError) as error:
        unread = {"member": "", "got": f"{type(error).__name__}: {error}", "allowed": "a call that a model describes"}
        return {**call, "findings": [unread]}
    return {**call, "parameters": _shown(operation.input_shape, parameters), "values": check.values, "findings": check.findings}


@wrap(DomainDispatcherApplication, "__call__")
def record(ask, self, environ, start_response):
    file = os.environ.get("DOUBLE_CALLS_FILE")
    request = file and Request(environ)
    scope = request and read_scope(request)
    if not scope:
        return ask(self, environ, start_response)
    access_key, signing_name = scope
    status = []

    def started(line, headers, *error):
        status[:] = [int(line.split()[0])]
        return start_response(line, headers, *error)

    who = {"accessKey": access_key, "program": _program(request.headers.get("user-agent", ""))}
    line = {"time": time.time(), "who": who, **read_call(request, signing_name)}
    try:
        return ask(self, environ, started)
    finally:
        # An exception of moto's is answered with 500.
        line["status"] = status[0] if status else 500
        with _lock, open(file, "a", encoding="utf-8") as calls:
            calls.write(json.dumps(line) + "\n")
