"""ElastiCache's data that moto does not keep: by region, kind and name."""
import re

from moto.core.responses import ActionResult
from moto.elasticache.models import elasticache_backends
from moto.elasticache.responses import ElastiCacheResponse

from rules import fault, refuse

API = ElastiCacheResponse


def answers(function):
    """Makes a function ElastiCache's answer to the action of its name."""
    setattr(API, function.__name__, function)
    return function


def kept_by(backend, kind):
    # At once: two who come first, each in a thread, keep it in the same place.
    return vars(backend).setdefault("_kept", {}).setdefault(kind, {})


def kept(api, kind):
    return kept_by(api.elasticache_backend, kind)


def found(api, kind, name, code, what):
    thing = kept(api, kind).get(name)
    if thing is None:
        raise fault(code, f"{what} {name} not found.")
    return thing


def backend_of(account, region):
    return elasticache_backends[account][region]


def arn(api, kind, name):
    return f"arn:aws:elasticache:{api.region}:{api.current_account}:{kind}:{name}"


def public(thing):
    """Without what is the double's own."""
    return {key: value for key, value in thing.items() if not key.startswith("_")}


def tag(api, thing, parameters):
    api.elasticache_backend.tagging_service.tag_resource(thing["ARN"], parameters.get("Tags"))


@answers
def list_tags_for_resource(self):
    """moto refuses the ARN of a parameter group and of a user group."""
    tags = self.elasticache_backend.tagging_service.list_tags_for_resource(self._get_param("ResourceName"))
    return ActionResult({"TagList": tags["Tags"]})


def check_name(rule, what, name, longest):
    """Names: letters, digits and hyphens, a letter first, no two hyphens in a row, none at the end.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
    """
    if len(name) > longest or not re.fullmatch(r"[A-Za-z](-?[A-Za-z0-9])*", name):
        refuse(
            rule,
            "InvalidParameterValue",
            f"The parameter {what} is not a valid identifier, got {name}: identifiers must begin with a letter; must "
            f"contain only ASCII letters, digits, and hyphens; must not end with a hyphen or contain two consecutive "
            f"hyphens; at most {longest} characters.",
        )


def check_free(rule, code, api, kind, name):
    if name in kept(api, kind):
        refuse(rule, code, f"{name} already exists.")
