"""ECS task definitions: what ECS adds to the container definitions that it is given.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"""
from moto.ecs.models import TaskDefinition

from rules import wrap


def _with_both_lists(definition):
    """ECS answers with both lists of capabilities, where it was given one.
    https://github.com/braintrustdata/terraform-aws-braintrust-data-plane/pull/335

    The provider compares the answer with the configuration literally, and replaces the task definition.
    https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ecs/container_definitions.go
    """
    capabilities = (definition.get("linuxParameters") or {}).get("capabilities")
    if not capabilities:
        return definition
    both = {"add": [], "drop": [], **capabilities}
    return {**definition, "linuxParameters": {**definition["linuxParameters"], "capabilities": both}}


@wrap(TaskDefinition, "__init__")
def task_definition(make, self, *args, **kwargs):
    make(self, *args, **kwargs)
    self.container_definitions = [_with_both_lists(definition) for definition in self.container_definitions]
