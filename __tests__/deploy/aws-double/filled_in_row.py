"""One habit of AWS' answers, and the forms in which it is written down."""
import copy
import xml.etree.ElementTree as ElementTree
from typing import Callable, Mapping, NamedTuple


class Row(NamedTuple):
    name: str
    service: str
    operations: tuple
    source: str
    # Gets the answer, and whether the row is in the table or taken out of it.
    fill: Callable
    headers: Mapping = {}


def at(answer, path):
    """Members of a JSON answer: `a.b[].c`."""
    nodes = [answer]
    for part in path.split(".") if path else []:
        name, is_list = part.removesuffix("[]"), part.endswith("[]")
        values = [node[name] for node in nodes if isinstance(node, dict) and node.get(name) is not None]
        nodes = [item for value in values for item in value] if is_list else values
    return nodes


def members(*paths, **values):
    """Members that AWS adds where a JSON answer has none; without the row, an answer has none of these values."""

    def fill(answer, is_in):
        for node in (node for path in paths for node in at(answer, path)):
            for name, value in values.items():
                if is_in and node.get(name) is None:
                    node[name] = copy.deepcopy(value)
                elif not is_in and node.get(name) == value:
                    node.pop(name)

    return fill


def local(element):
    return element.tag.rpartition("}")[2]


def named(answer, name):
    """Elements of an XML answer by name, at any depth."""
    return [element for element in answer.iter() if local(element) == name]


def child(element, name):
    return next((one for one in element if local(one) == name), None)


def append(parent, name, value):
    """Adds an element; members of a dict become its children, a list as many of its name."""
    for one in value if isinstance(value, list) else [value]:
        space = parent.tag.rpartition("}")[0]
        element = ElementTree.SubElement(parent, f"{space}}}{name}" if space else name)
        if isinstance(one, dict):
            for key, inner in one.items():
                append(element, key, inner)
        else:
            element.text = one


def elements(*names, **values):
    """Elements that AWS adds where an XML answer has none; without the row, an answer has none of these values."""

    def fill(answer, is_in):
        for parent in (parent for name in names for parent in named(answer, name)):
            for name, value in values.items():
                there = child(parent, name)
                if is_in and there is None:
                    append(parent, name, value)
                elif not is_in and there is not None and (isinstance(value, dict) or there.text == value):
                    parent.remove(there)

    return fill


def attributes(**values):
    """Attributes of Elastic Load Balancing, Key and Value; a double underscore is a dot."""
    wanted = {key.replace("__", "."): value for key, value in values.items()}

    def fill(answer, is_in):
        for parent in named(answer, "Attributes"):
            there = {child(member, "Key").text: member for member in list(parent)}
            for key, value in wanted.items():
                if is_in and key not in there:
                    append(parent, "member", {"Key": key, "Value": value})
                elif not is_in and key in there and (child(there[key], "Value").text or "") == value:
                    parent.remove(there[key])

    return fill


def reversed_lists(value):
    """A policy document as AWS may answer: lists in another order, one item without its list."""
    if isinstance(value, dict):
        return {key: reversed_lists(inner) for key, inner in value.items()}
    if isinstance(value, list):
        items = [reversed_lists(item) for item in reversed(value)]
        return items[0] if len(items) == 1 and isinstance(items[0], str) else items
    return value
