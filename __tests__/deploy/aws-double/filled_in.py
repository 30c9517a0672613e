"""Answers as AWS gives them: it fills in what a request leaves out, and writes lists in another order.

Each row of the tables filled_in_json.py and filled_in_xml.py is one such habit, with its source. Terraform's provider compares
some of these values with what a stack says, and evens out the others. filled-in.test.ts takes each row out, sees that the answer
is another one, and which plans change by it.
"""
import json
import xml.etree.ElementTree as ElementTree
import zlib

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

import filled_in_json
import filled_in_xml
from call_operation import UnknownCall, find_operation, read_scope
from call_request import Request
from rules import is_off, wrap

ROWS = (*filled_in_json.ROWS, *filled_in_xml.ROWS)


def _fill(body, rows):
    """A body with these rows, or without those that are taken out."""
    if body.lstrip().startswith(b"{"):
        answer = json.loads(body)
        for row in rows:
            row.fill(answer, not is_off(row.name))
        return json.dumps(answer).encode()
    answer = ElementTree.fromstring(body)
    namespace = answer.tag.partition("}")[0].strip("{") if answer.tag.startswith("{") else ""
    ElementTree.register_namespace("", namespace)
    for row in rows:
        row.fill(answer, not is_off(row.name))
    return ElementTree.tostring(answer, encoding="utf-8", xml_declaration=True)


def _operation(environ):
    request = Request.of(environ)
    scope = read_scope(request)
    try:
        return find_operation(request, scope[1])[0] if scope else None
    except UnknownCall:
        return None


def _headers(given, rows, body):
    """Headers of another body, with those that rows set, or without."""
    names = {name.lower() for row in rows for name in row.headers}
    headers = {name: value for name, value in given if name.lower() not in names}
    own = {"content-length": str(len(body)), "x-amz-crc32": str(zlib.crc32(body))}
    headers = {name: own.get(name.lower(), value) for name, value in headers.items()}
    return [*headers.items(), *(item for row in rows if not is_off(row.name) for item in row.headers.items())]


@wrap(DomainDispatcherApplication, "__call__")
def answer_filled_in(ask, self, environ, start_response):
    operation = _operation(environ)
    rows = [row for row in ROWS if operation and row.service == operation.service_model.service_name and operation.name in row.operations]
    if not rows:
        return ask(self, environ, start_response)
    given = []

    def started(status, headers, *error):
        given[:] = status, headers
        return lambda written: None

    body = b"".join(ask(self, environ, started))
    status, headers = given
    if status.startswith("2") and body:
        body = _fill(body, rows)
        headers = _headers(headers, rows, body)
    start_response(status, headers)
    return [body]
