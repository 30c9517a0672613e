"""Holds the parameters of a call against the service model: members, types, enums, patterns, lengths, ranges.

Smithy's constraint traits: https://smithy.io/2.0/spec/constraint-traits.html
"""
import base64
import binascii
import functools
import re
import sys
import unicodedata

from call_parameters import UNKNOWN

_TYPES = {
    "structure": dict, "map": dict, "list": list, "string": str, "character": str, "blob": str, "boolean": bool,
    "integer": int, "long": int, "float": (int, float), "double": (int, float), "timestamp": (str, int, float),
}
_CHARACTER = {"string", "blob", "character"}


class Check:
    """What one call's parameters come to: `values` that were looked at, and `findings`."""

    def __init__(self, shape, parameters):
        self.values = 0
        self.findings = []
        if shape is not None:
            self._value(shape, parameters, "")
        else:
            self._members({}, (), parameters, "")

    def _find(self, shape, member, got, allowed):
        shown = "<sensitive>" if shape is not None and shape.metadata.get("sensitive") else str(got)[:200]
        self.findings.append({"member": member.lstrip("."), "got": shown, "allowed": allowed})

    def _value(self, shape, value, member):
        kind = _TYPES.get(shape.type_name)
        if kind and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
            self._find(shape, member, value, shape.type_name)
        elif shape.type_name == "structure":
            if not shape.is_document_type:
                self._members(shape.members, shape.required_members, value, member)
        elif shape.type_name == "list":
            self._size(shape, len(value), member, "items")
            for index, item in enumerate(value):
                self._value(shape.member, item, f"{member}[{index}]")
        elif shape.type_name == "map":
            self._size(shape, len(value), member, "entries")
            for key, item in value.items():
                self._value(shape.key, key, f"{member}.{key}")
                self._value(shape.value, item, f"{member}.{key}")
        else:
            self.values += 1
            self._scalar(shape, value, member)

    def _members(self, members, required, value, member):
        for name, inner in value.items():
            if name.startswith(UNKNOWN):
                self._find(None, f"{member}.{name[len(UNKNOWN):]}", inner, "no such member in the model")
            else:
                self._value(members[name], inner, f"{member}.{name}")
        for name in required:
            if name not in value:
                self._find(None, f"{member}.{name}", "nothing", "required")

    def _scalar(self, shape, value, member):
        enum, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
        if enum and value not in enum:
            self._find(shape, member, value, f"one of {', '.join(enum)}")
        if pattern and isinstance(value, str) and not matches(pattern, value):
            self._find(shape, member, value, f"text that matches {pattern}")
        if shape.type_name in _CHARACTER:
            self._size(shape, _length(shape, value), member, "characters")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            self._size(shape, value, member, "")

    def _size(self, shape, size, member, unit):
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        if (least is not None and size < least) or (most is not None and size > most):
            bounds = [f"at least {least}"] * (least is not None) + [f"at most {most}"] * (most is not None)
            self._find(None, member, f"{size} {unit}".strip(), f"{' and '.join(bounds)} {unit}".strip())


def _length(shape, value):
    """Smithy counts a string's characters, and a blob's bytes before they are written as base64."""
    if shape.type_name != "blob":
        return len(value)
    try:
        return len(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return len(value)


def matches(pattern, value):
    """Whether the whole value matches, as AWS' services have it: they take no tag "a!", whose pattern has no anchors.
    A pattern that begins with ^ and does not end with $ names a beginning alone.
    """
    compiled = _compile(pattern)
    if pattern.startswith("^") and not pattern.endswith("$"):
        return compiled.match(value) is not None
    return compiled.fullmatch(value) is not None


@functools.cache
def _compile(pattern):
    """Java's syntax in Python's: classes of Unicode, characters beyond the first plane, named groups."""
    text = pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF").replace(r"\p{Print}", r"[\x20-\x7E]")
    text = re.sub(r"\\p\{(L|N|Z)\}", lambda name: _category(name[1]), text)
    text = text.replace(r"[\w-_]", r"[\w_-]").replace("(?<", "(?P<").replace("(?P<!", "(?<!").replace("(?P<=", "(?<=")
    return re.compile(text, re.ASCII)


@functools.cache
def _category(letter):
    """Characters of a general category of Unicode, as ranges for a class of a regular expression."""
    ranges, start = [], None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(letter)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(ranges)
