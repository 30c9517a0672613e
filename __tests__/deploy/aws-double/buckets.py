"""S3's bucket policies, with the one condition our stacks have.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html: aws:SecureTransport
"""
import json

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket

# moto weighs no condition. The double stands for endpoints that are reached by TLS.
_NOT_MET = {"Bool": {"aws:SecureTransport": "false"}}


def permission(self, action, resource):
    document = json.loads(self.policy or '{"Statement": []}')
    met = [statement for statement in document["Statement"] if statement.get("Condition") != _NOT_MET]
    if not met:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({**document, "Statement": met})).is_action_permitted(action, resource)


FakeBucket.get_permission = permission
