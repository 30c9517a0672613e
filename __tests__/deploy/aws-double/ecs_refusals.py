"""What ECS refuses of services, capacity providers and clusters that are still in use.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCapacityProvider.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html
"""
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import elbv2_backends

from load_balancers import target_groups
from rules import refuse, wrap


def _target_groups(api):
    """Target groups to which a listener sends requests."""
    for balancer in elbv2_backends[api.current_account][api.region].load_balancers.values():
        yield from target_groups(balancer)


def _check_target_groups(api):
    """As reported: https://github.com/hashicorp/terraform/pull/8190"""
    for arn in (balancer.get("targetGroupArn") for balancer in api._get_params().get("loadBalancers") or []):
        if arn and arn not in _target_groups(api):
            refuse("service-target-group", "InvalidParameterException", f"The target group with targetGroupArn {arn} does not have an associated load balancer.")


@wrap(EC2ContainerServiceResponse, "create_service")
def create_service(create, self):
    _check_target_groups(self)
    return create(self)


@wrap(EC2ContainerServiceResponse, "update_service")
def update_service(update, self):
    _check_target_groups(self)
    return update(self)


def _name(arn):
    return arn.rpartition("/")[2]


def _services(api, cluster):
    return [service for service in api.ecs_backend.services.values() if service.status == "ACTIVE" and service.cluster_name == _name(cluster)]


def _providers(service):
    return [_name(item["capacityProvider"]) for item in getattr(service, "capacity_provider_strategy", None) or []]


@wrap(EC2ContainerServiceResponse, "put_cluster_capacity_providers")
def put_cluster_capacity_providers(put, self):
    p = self._get_params()
    kept = [_name(name) for name in p.get("capacityProviders") or []]
    for name in (name for service in _services(self, p["cluster"]) for name in _providers(service) if name not in kept):
        refuse("capacity-provider-in-use", "ResourceInUseException", f"The capacity provider {name} is in use by a service and cannot be removed from the cluster.")
    return put(self)


@wrap(EC2ContainerServiceResponse, "delete_capacity_provider")
def delete_capacity_provider(delete, self):
    name = _name(self._get_params()["capacityProvider"])
    for cluster in self.ecs_backend.clusters.values():
        if cluster.status == "ACTIVE" and name in [_name(one) for one in cluster.capacity_providers or []]:
            refuse("capacity-provider-associated", "ClientException", f"The capacity provider {name} is associated with cluster {cluster.name} and cannot be deleted.")
    return delete(self)


@wrap(EC2ContainerServiceResponse, "delete_cluster")
def delete_cluster(delete, self):
    if _services(self, self._get_params().get("cluster", "default")):
        refuse("cluster-in-use", "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
    return delete(self)
