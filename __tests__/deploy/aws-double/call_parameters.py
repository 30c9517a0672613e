"""The parameters that a request carries, by the protocol of its service, under the names its model has for them.

A name that the model does not know stands as it came, behind UNKNOWN.
https://smithy.io/2.0/aws/protocols/index.html
"""
import json
import math
from xml.etree import ElementTree

UNKNOWN = "?"
# What every request of a REST service may have in its query.
_ANY_QUERY = {"x-id"}


def read_parameters(operation, request, uri):
    shape = operation.input_shape
    if request.form.get("Action"):
        fields = {key: value for key, value in request.form.items() if key not in ("Action", "Version")}
        read = _read_ec2 if operation.service_model.protocol == "ec2" else _read_query
        return read(shape, _tree(fields)) if shape else _unknown(fields)
    if "x-amz-target" in request.headers:
        return _read_json(shape, json.loads(request.body or b"{}"))
    return _read_rest(operation, request, uri)


def _unknown(fields):
    return {UNKNOWN + str(name): value for name, value in fields.items()}


def _convert(shape, text):
    """A value from text; the text itself where it is none of its type."""
    if not isinstance(text, str):
        return text
    try:
        if shape.type_name in ("integer", "long"):
            return int(text)
        if shape.type_name in ("float", "double"):
            return float(text) if math.isfinite(float(text)) else text
    except ValueError:
        return text
    if shape.type_name == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


# query and ec2: names with dots.


def _tree(fields):
    """{"A.B.1": "x"} as {"A": {"B": {"1": "x"}}}."""
    tree = {}
    for name, value in fields.items():
        *path, last = name.split(".")
        node = tree
        for part in path:
            if not isinstance(node.get(part), dict):
                node[part] = {}
            node = node[part]
        node[last] = value
    return tree


def _items(node):
    return [node[key] for key in sorted(node, key=lambda key: int(key) if key.isdigit() else 0)] if isinstance(node, dict) else []


def _read_members(shape, node, name_of, read):
    if not isinstance(node, dict):
        return node if node else {}
    left, found = dict(node), {}
    for member, inner in shape.members.items():
        name = name_of(member, inner)
        if name in left:
            found[member] = read(inner, left.pop(name))
    return {**found, **_unknown(left)}


def _read_query(shape, node):
    flat = shape.serialization.get("flattened")
    if shape.type_name == "structure":
        return _read_members(shape, node, _query_name, _read_query)
    if shape.type_name == "list":
        name = shape.member.serialization.get("name", "member")
        inner = node if flat or not isinstance(node, dict) else node.get(name, {})
        unread = {} if flat or not isinstance(node, dict) else {key: value for key, value in node.items() if key != name}
        return _unknown(unread) if unread else [_read_query(shape.member, item) for item in _items(inner)]
    if shape.type_name == "map":
        key, value = (part.serialization.get("name", name) for part, name in ((shape.key, "key"), (shape.value, "value")))
        entries = _items(node if flat or not isinstance(node, dict) else node.get("entry", {}))
        return {entry.get(key): _read_query(shape.value, entry.get(value)) for entry in entries}
    return _convert(shape, node)


def _query_name(member, shape):
    if shape.type_name == "list" and shape.serialization.get("flattened") and shape.member.serialization.get("name"):
        return shape.member.serialization["name"]
    return shape.serialization.get("name", member)


def _read_ec2(shape, node):
    if shape.type_name == "structure":
        return _read_members(shape, node, _ec2_name, _read_ec2)
    if shape.type_name == "list":
        return [_read_ec2(shape.member, item) for item in _items(node)]
    return _convert(shape, node)


def _ec2_name(member, shape):
    name = shape.serialization.get("name", member)
    return shape.serialization.get("queryName", name[0].upper() + name[1:])


# json and rest-json.


def _read_json(shape, value):
    if shape is None:
        return value if not isinstance(value, dict) else _unknown(value)
    if shape.type_name == "structure" and isinstance(value, dict) and not shape.is_document_type:
        return _read_members(shape, value, lambda member, inner: inner.serialization.get("name", member), _read_json)
    if shape.type_name == "list" and isinstance(value, list):
        return [_read_json(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: _read_json(shape.value, item) for key, item in value.items()}
    return value


# rest-json and rest-xml: URI, query, headers, body.


def _read_rest(operation, request, uri):
    shape = operation.input_shape
    literals = operation.http["requestUri"].partition("?")[2].split("&")
    known = {pair.partition("=")[0] for pair in literals} | _ANY_QUERY
    found, in_body = {}, {}
    for member, inner in shape.members.items() if shape else ():
        place, name = inner.serialization.get("location"), inner.serialization.get("name", member)
        if place == "uri":
            found[member] = _convert(inner, uri.get(name))
        elif place == "querystring":
            known.add(name)
            if name in request.query:
                values = request.queries[name]
                found[member] = values if inner.type_name == "list" else _convert(inner, values[0])
        elif place == "header":
            if name.lower() in request.headers:
                text = request.headers[name.lower()]
                found[member] = text.split(",") if inner.type_name == "list" else _convert(inner, text)
        elif place == "headers":
            begins = name.lower()
            found[member] = {key[len(begins):]: value for key, value in request.headers.items() if key.startswith(begins)}
        else:
            in_body[member] = inner
    unknown = {key: value for key, value in request.query.items() if key not in known}
    return {**found, **_read_body(operation, in_body, request), **_unknown(unknown)}


def _read_body(operation, members, request):
    shape, is_xml = operation.input_shape, operation.service_model.protocol == "rest-xml"
    payload = shape and shape.serialization.get("payload")
    if payload and shape.members[payload].type_name in ("blob", "string"):
        return {payload: request.body.decode("latin-1")} if request.body else {}
    if not request.body:
        return {}
    read, body = (_read_xml, ElementTree.fromstring(request.body)) if is_xml else (_read_json, json.loads(request.body))
    if payload:
        return {payload: read(shape.members[payload], body)}
    if not is_xml:
        names = {inner.serialization.get("name", member): (member, inner) for member, inner in members.items()}
        known = {names[key][0]: read(names[key][1], value) for key, value in body.items() if key in names}
        return {**known, **_unknown({key: value for key, value in body.items() if key not in names})}
    return _read_xml(shape, body)


def _local(tag):
    return tag.rsplit("}", 1)[-1]


def _read_xml(shape, element):
    if shape.type_name == "list":
        return [_read_xml(shape.member, child) for child in element]
    if shape.type_name != "structure":
        return _convert(shape, element.text or "")
    children = {}
    for child in element:
        children.setdefault(_local(child.tag), []).append(child)
    found = {}
    for member, inner in shape.members.items():
        name = inner.serialization.get("name", member)
        if inner.serialization.get("xmlAttribute"):
            attribute = {_local(key): value for key, value in element.attrib.items()}.get(name.rsplit(":", 1)[-1])
            found.update({member: attribute} if attribute is not None else {})
        elif name in children:
            same = children.pop(name)
            is_flat = inner.type_name == "list" and inner.serialization.get("flattened")
            found[member] = [_read_xml(inner.member, one) for one in same] if is_flat else _read_xml(inner, same[0])
    return {**found, **_unknown({name: same[0].text for name, same in children.items()})}
