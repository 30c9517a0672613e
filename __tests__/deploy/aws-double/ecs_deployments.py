"""What comes of a deployment of an ECS service: its tasks run, or they can't start and the circuit breaker ends it.

Of the reasons, the double knows one: an image that a repository of the account does not have. A deployment without a reason is complete
at once.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""
import re
import uuid

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecr.models import ecr_backends
from moto.ecs.responses import EC2ContainerServiceResponse

from rules import wrap

_IMAGE = re.compile(r"^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]+))?$")
# Tasks that have stopped, by ARN; ECS shows them for an hour.
_STOPPED = {}


def _find_missing_image(api, task_definition):
    """The first image that its repository lacks. Repositories that the double does not have, as of other accounts, have every image."""
    for container in api.ecs_backend.describe_task_definition(task_definition).container_definitions:
        match = _IMAGE.match(container.get("image", ""))
        if match is None:
            continue
        account, region, name, tag, digest = match.groups()
        repository = ecr_backends[account][region].repositories.get(name)
        if repository is None:
            continue
        if not any(digest == image.image_digest if digest else tag in image.image_tags for image in repository.images):
            return container["image"]
    return None


def _say(service, message):
    service.events.insert(0, {"id": str(uuid.uuid4()), "createdAt": utcnow(), "message": f"(service {service.name}) {message}"})


def _complete(service, running):
    """One deployment is left, of the tasks that run."""
    service.running_count, service.pending_count = running, 0
    state = "COMPLETED" if running == service.desired_count else "FAILED"
    for deployment in service.deployments[:1]:
        deployment.update(
            taskDefinition=service.task_definition, desiredCount=service.desired_count, runningCount=running, pendingCount=0,
            rolloutState=state, rolloutStateReason=f"ECS deployment {deployment['id']} {state.lower()}.", updatedAt=utcnow(),
        )


def _stop_task(service, image):
    arn = f"arn:aws:ecs:{service.region_name}:{service._account_id}:task/{service.cluster_name}/{uuid.uuid4().hex}"
    reason = f"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: {image}: not found"
    _STOPPED[arn] = {
        "taskArn": arn, "clusterArn": service.cluster_arn, "group": f"service:{service.name}", "taskDefinitionArn": service.task_definition,
        "lastStatus": "STOPPED", "desiredStatus": "STOPPED", "stopCode": "TaskFailedToStart", "stoppedReason": reason, "stoppedAt": utcnow(),
        "containers": [],
    }


def _deploy(api, answer, before):
    service = (getattr(answer, "_result", None) or answer.result)["service"]
    image = _find_missing_image(api, service.task_definition)
    if image is None:
        _complete(service, service.desired_count)
        return answer
    _stop_task(service, image)
    name = service.deployments[0]["id"]
    _say(service, f"(deployment {name}) deployment failed: tasks failed to start.")
    breaker = (getattr(service, "deployment_configuration", None) or {}).get("deploymentCircuitBreaker", {})
    if before is not None and breaker.get("rollback"):
        service.task_definition = before
        _say(service, f"rolling back to deployment {name}.")
        _complete(service, service.desired_count)
    else:
        _complete(service, 0)
    return answer


@wrap(EC2ContainerServiceResponse, "create_service")
def create_service(create, self):
    return _deploy(self, create(self), None)


@wrap(EC2ContainerServiceResponse, "update_service")
def update_service(update, self):
    p = self._get_params()
    before = self.ecs_backend._get_service(p.get("cluster", "default"), p["service"].split("/")[-1]).task_definition
    return _deploy(self, update(self), before)


def _stopped(self, service):
    return [arn for arn, task in _STOPPED.items() if task["group"] == f"service:{service}" and arn.split("/")[1] == self._get_param("cluster", "default").split("/")[-1]]


@wrap(EC2ContainerServiceResponse, "list_tasks")
def list_tasks(list_all, self):
    if self._get_param("desiredStatus") != "STOPPED" or not self._get_param("serviceName"):
        return list_all(self)
    return ActionResult({"taskArns": _stopped(self, self._get_param("serviceName"))})


@wrap(EC2ContainerServiceResponse, "describe_tasks")
def describe_tasks(describe, self):
    asked = self._get_param("tasks", [])
    if not any(arn in _STOPPED for arn in asked):
        return describe(self)
    return ActionResult({"tasks": [_STOPPED[arn] for arn in asked if arn in _STOPPED], "failures": []})
