"""Secrets Manager.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
"""
from moto.secretsmanager.exceptions import SecretsManagerClientError
from moto.secretsmanager.models import SecretsManagerBackend

from rules import is_off, wrap


@wrap(SecretsManagerBackend, "create_secret")
def create_secret(create, self, name, *args, **kwargs):
    """A name stays taken until the recovery window is over; moto says that it exists, AWS that it is to be deleted."""
    if name in self.secrets.keys() and self.secrets[name].is_deleted():
        if not is_off("secret-in-recovery"):
            raise SecretsManagerClientError(
                "InvalidRequestException",
                "You can't create this secret because a secret with this name is already scheduled for deletion.",
            )
        self.secrets.pop(name)
    return create(self, name, *args, **kwargs)
