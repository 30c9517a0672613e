"""Elastic Load Balancing v2.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
"""
import re

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.elbv2.responses import ELBV2Response

from rules import refuse, wrap
from vpcs import has_way_out


@wrap(FakeLoadBalancer, "__init__")
def active_at_once(make, self, *args, **kwargs):
    """moto says provisioning at the first look, and the provider waits one poll more for nothing.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html
    """
    make(self, *args, **kwargs)
    self.state = "active"


@wrap(ELBV2Response, "create_load_balancer")
def create_load_balancer(create, self):
    p = self._get_params()
    name, ec2 = p["Name"], self.elbv2_backend.ec2_backend
    if len(name) > 32 or not re.fullmatch(r"(?!internal-)[A-Za-z0-9](-?[A-Za-z0-9]+)*", name):
        refuse("balancer-name", "ValidationError",
               f"The load balancer name '{name}' cannot be longer than '32' characters, has letters, digits and single hyphens, and does not begin with internal-")
    if any(balancer.name == name for balancer in self.elbv2_backend.load_balancers.values()):
        refuse("balancer-taken", "DuplicateLoadBalancerName", f"A load balancer with the name '{name}' exists, but with different settings")
    ids = list(p.get("Subnets") or []) + [mapping["SubnetId"] for mapping in p.get("SubnetMappings") or []]
    subnets = [ec2.get_subnet(subnet) for subnet in ids]
    if p.get("Type", "application") == "application" and len({subnet.availability_zone for subnet in subnets}) < 2:
        refuse("balancer-zones", "ValidationError", "At least two subnets in two different Availability Zones must be specified")
    if p.get("Scheme", "internet-facing") == "internet-facing" and not has_way_out(ec2, subnets[0].vpc_id):
        refuse("balancer-without-gateway", "InvalidSubnet", f"VPC {subnets[0].vpc_id} has no internet gateway")
    for group in p.get("SecurityGroups") or []:
        known = ec2.get_security_group_from_id(group)
        if known is None or known.vpc_id != subnets[0].vpc_id:
            refuse("balancer-security-group", "InvalidConfigurationRequest", f"One or more security groups are invalid: {group}")
    return create(self)


@wrap(ELBV2Response, "delete_load_balancer")
def delete_load_balancer(delete, self):
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html"""
    arn = self._get_params()["LoadBalancerArn"]
    balancer = self.elbv2_backend.load_balancers.get(arn)
    if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
        refuse("balancer-protected", "OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled")
    return delete(self)


@wrap(ELBv2Backend, "_any_listener_using")
def any_listener_using(inner, self, target_group_arn):
    """moto's own refusal, with a name."""
    if inner(self, target_group_arn):
        refuse("target-group-in-use", "ResourceInUse", f"Target group '{target_group_arn}' is currently in use by a listener or a rule")
    return False


def _groups(actions):
    for data in actions:
        yield data.get("TargetGroupArn")
        yield from (group.get("TargetGroupArn") for group in data.get("ForwardConfig", {}).get("TargetGroups", []))


def target_groups(balancer):
    """Target groups to which the listeners of a load balancer send requests."""
    for listener in balancer.listeners.values():
        for rule in listener.rules.values():
            yield from _groups(action.data for action in rule.actions)


def _check_one_balancer(api, arn, actions):
    """A target group is for one load balancer: the quota of load balancers per target group.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
    Its message: https://github.com/hashicorp/terraform-provider-aws/issues/22005

    :param arn: of the load balancer, or of one of its listeners or rules, which have the load balancer's name and id too
    """
    own = re.search(r":(?:loadbalancer|listener|listener-rule)/(\w+/[^/]+/[^/]+)", arn)[1]
    others = [balancer for balancer in api.elbv2_backend.load_balancers.values() if not balancer.arn.endswith(f"/{own}")]
    taken = {group for balancer in others for group in target_groups(balancer)}
    for group in filter(None, _groups(actions)):
        if group in taken:
            refuse("target-group-of-another", "TargetGroupAssociationLimit", f"The following target groups cannot be associated with more than one load balancer: {group}")


@wrap(ELBV2Response, "create_listener")
def create_listener(create, self):
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html: Certificates."""
    p = self._get_params()
    if p.get("Protocol") == "HTTPS" and not p.get("Certificates"):
        refuse("https-certificate", "ValidationError", "A certificate must be specified for HTTPS listeners")
    _check_one_balancer(self, p["LoadBalancerArn"], p["DefaultActions"])
    return create(self)


@wrap(ELBV2Response, "modify_listener")
def modify_listener(modify, self):
    p = self._get_params()
    _check_one_balancer(self, p["ListenerArn"], p.get("DefaultActions") or [])
    return modify(self)


@wrap(ELBV2Response, "create_rule")
def create_rule(create, self):
    p = self._get_params()
    _check_one_balancer(self, p["ListenerArn"], p["Actions"])
    return create(self)


@wrap(ELBV2Response, "modify_rule")
def modify_rule(modify, self):
    p = self._get_params()
    _check_one_balancer(self, p["RuleArn"], p.get("Actions") or [])
    return modify(self)
