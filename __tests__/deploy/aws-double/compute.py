"""EC2 instances, launch templates, scaling policies: what moto answers otherwise than AWS."""
import uuid

from moto.autoscaling.models import FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.responses.instances import InstanceResponse

from rules import refuse_ec2, wrap


@wrap(FakeScalingPolicy, "__init__")
def policy(make, self, *args, **kwargs):
    """There is no empty predictive configuration.
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
    """
    make(self, *args, **kwargs)
    if not self.predictive_scaling_configuration:
        self.predictive_scaling_configuration = None


@wrap(AutoScalingResponse, "delete_auto_scaling_group")
def delete_group(delete, self):
    """By force the instances go with the group, those protected from scaling in too.
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html: ForceDelete
    """
    group = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
    if group and str(self._get_param("ForceDelete")).lower() == "true":
        for state in group.instance_states:
            state.protected_from_scale_in = False
    return delete(self)


def start_instance_refresh(self):
    """It is begun, and nobody waits for its end; what it replaces runs elsewhere.
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
    """
    return ActionResult({"InstanceRefreshId": str(uuid.uuid4())})


AutoScalingResponse.start_instance_refresh = start_instance_refresh


@wrap(LaunchTemplateVersion, "__init__")
def template_version(make, self, template, number, data, description):
    """A template's own tags are no part of its data.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResponseLaunchTemplateData.html
    """
    tags = [tag for tag in data.get("TagSpecifications") or [] if tag.get("ResourceType") != "launch-template"]
    data.pop("TagSpecifications", None)
    if tags:
        data["TagSpecifications"] = tags
    make(self, template, number, data, description)


@wrap(Instance, "__init__")
def instance(make, self, *args, **kwargs):
    """No user data is no attribute at all, not an empty one.
    https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ec2/ec2_instance.go: user_data
    """
    make(self, *args, **kwargs)
    if not self.user_data:
        self.user_data = None


@wrap(InstanceResponse, "run_instances")
def run_instances(run, self):
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html: KeyName is one that is there."""
    name = self._get_param("KeyName")
    if name and name not in self.ec2_backend.key_pairs:
        refuse_ec2("key-pair-unknown", "InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")
    return run(self)
