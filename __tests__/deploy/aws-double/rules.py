"""What the double refuses, each refusal by a name.

DOUBLE_WITHOUT_FILE names a file with the names of refusals that are switched off while they stand there: the table of
refusals proves with it that each of its tests can fail.
"""
import os

from moto.core.exceptions import ServiceException
from moto.ec2.exceptions import EC2ClientError


def is_off(rule):
    path = os.environ.get("DOUBLE_WITHOUT_FILE")
    if not path or not os.path.exists(path):
        return False
    with open(path, encoding="utf-8") as names:
        return rule in names.read().split()


def fault(code, message):
    """An error of a service that answers by moto's newer serializer."""
    return type(code, (ServiceException,), {"code": code})(message)


def refuse(rule, code, message):
    if not is_off(rule):
        raise fault(code, message)


def refuse_ec2(rule, code, message):
    """The same from EC2."""
    if not is_off(rule):
        raise EC2ClientError(code, message)


def wrap(owner, name):
    """Puts a function around a method: it gets the method as it was, then the method's own arguments."""

    def put(around):
        inner = getattr(owner, name)

        def method(self, *args, **kwargs):
            return around(inner, self, *args, **kwargs)

        setattr(owner, name, method)
        return around

    return put
