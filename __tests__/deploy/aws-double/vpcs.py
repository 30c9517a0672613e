"""VPCs, subnets, gateways and addresses: what still holds something stays, what needs a way out has one.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html
"""
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from moto.ec2.responses.internet_gateways import InternetGateways
from moto.ec2.responses.nat_gateways import NatGateways
from moto.ec2.responses.subnets import Subnets
from moto.ec2.responses.vpcs import VPCs
from moto.elbv2.models import elbv2_backends

from elasticache_store import backend_of, kept_by
from rules import refuse_ec2, wrap


def live_interfaces(ec2):
    for interface in list(ec2.enis.values()):
        if interface.instance is None or interface.instance.state != "terminated":
            yield interface


def live_instances(ec2):
    for reservation in list(ec2.reservations.values()):
        yield from (instance for instance in reservation.instances if instance.state != "terminated")


def has_way_out(ec2, vpc):
    return any(gateway.vpc is not None and gateway.vpc.id == vpc for gateway in ec2.internet_gateways.values())


def balancers(ec2):
    return list(elbv2_backends[ec2.account_id][ec2.region_name].load_balancers.values())


def _in_subnet(ec2, subnet):
    yield from (interface.id for interface in live_interfaces(ec2) if interface.subnet.id == subnet)
    yield from (instance.id for instance in live_instances(ec2) if instance.subnet_id == subnet)
    yield from (balancer.name for balancer in balancers(ec2) if subnet in (s.id for s in balancer.subnets))
    cache = backend_of(ec2.account_id, ec2.region_name)
    zone = ec2.get_subnet(subnet).availability_zone
    for cluster in kept_by(cache, "clusters").values():
        group = cache.cache_subnet_groups.get(cluster["CacheSubnetGroupName"])
        if group and subnet in group.subnet_ids and any(node["CustomerAvailabilityZone"] == zone for node in cluster["CacheNodes"]):
            yield cluster["CacheClusterId"]
    yield from (s["ServerlessCacheName"] for s in kept_by(cache, "serverless caches").values() if subnet in s["SubnetIds"])


@wrap(Subnets, "delete_subnet")
def delete_subnet(delete, self):
    subnet = self._get_param("SubnetId")
    users = list(_in_subnet(self.ec2_backend, subnet))
    if users:
        refuse_ec2("subnet-in-use", "DependencyViolation", f"The subnet '{subnet}' has dependencies and cannot be deleted: {', '.join(users)}")
    return delete(self)


@wrap(VPCs, "delete_vpc")
def delete_vpc(delete, self):
    """moto itself looks at subnets and route tables."""
    vpc, ec2 = self._get_param("VpcId"), self.ec2_backend
    left = [gateway.id for gateway in ec2.internet_gateways.values() if gateway.vpc is not None and gateway.vpc.id == vpc]
    left += [endpoint.id for endpoint in ec2.vpc_end_points.values() if endpoint.vpc_id == vpc and endpoint.state != "deleted"]
    left += [group.id for group in ec2.groups.get(vpc, {}).values() if group.name != "default"]
    if left:
        refuse_ec2("vpc-in-use", "DependencyViolation", f"The vpc '{vpc}' has dependencies and cannot be deleted: {', '.join(left)}")
    return delete(self)


def _mapped(ec2, vpc):
    """Public addresses in a VPC: by these it holds its internet gateway."""
    for address in ec2.addresses:
        # An instance's address is free when the instance is terminated.
        if address.instance is not None and address.instance.state != "terminated" and address.instance.vpc_id == vpc:
            yield address.public_ip
        elif address.instance is None and address.eni is not None and address.eni.subnet.vpc_id == vpc:
            yield address.public_ip
    for balancer in balancers(ec2):
        if balancer.vpc_id == vpc and balancer.scheme == "internet-facing":
            yield balancer.name


@wrap(InternetGateways, "detach_internet_gateway")
def detach_internet_gateway(detach, self):
    vpc = self._get_param("VpcId")
    mapped = list(_mapped(self.ec2_backend, vpc))
    if mapped:
        refuse_ec2("gateway-in-use", "DependencyViolation",
                   f"Network {vpc} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway: {', '.join(mapped)}")
    return detach(self)


@wrap(NatGateways, "create_nat_gateway")
def create_nat_gateway(create, self):
    """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html: the VPC has an internet gateway.
    AWS lets the gateway itself fail with Gateway.NotAttached; here the call does.
    """
    ec2 = self.ec2_backend
    vpc = ec2.get_subnet(self._get_param("SubnetId")).vpc_id
    if self._get_param("ConnectivityType") != "private" and not has_way_out(ec2, vpc):
        refuse_ec2("nat-without-gateway", "Gateway.NotAttached", f"Network {vpc} has no Internet gateway attached")
    return create(self)


@wrap(NatGatewayBackend, "delete_nat_gateway")
def delete_nat_gateway(delete, self, nat_gateway_id):
    """Its address is free, its interface gone; moto keeps both.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html
    """
    gateway = delete(self, nat_gateway_id)
    for address in self.addresses:
        if address.eni is gateway._eni:
            self.disassociate_address(address=address.public_ip)
    self.enis.pop(gateway._eni.id, None)
    return gateway


def _network_of(ec2, api):
    instance, interface = api._get_param("InstanceId"), api._get_param("NetworkInterfaceId")
    return ec2.get_instance(instance).vpc_id if instance else ec2.get_network_interface(interface).subnet.vpc_id


@wrap(ElasticIPAddresses, "associate_address")
def associate_address(associate, self):
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: Gateway.NotAttached."""
    vpc = _network_of(self.ec2_backend, self)
    if not has_way_out(self.ec2_backend, vpc):
        refuse_ec2("address-without-gateway", "Gateway.NotAttached", f"Network {vpc} is not attached to any internet gateway")
    return associate(self)


@wrap(ElasticIPAddresses, "release_address")
def release_address(release, self):
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html: disassociated first."""
    allocation = self._get_param("AllocationId")
    for address in self.ec2_backend.addresses:
        live = address.instance is None or address.instance.state != "terminated"
        if address.allocation_id == allocation and address.association_id and live:
            refuse_ec2("address-in-use", "InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
    return release(self)
