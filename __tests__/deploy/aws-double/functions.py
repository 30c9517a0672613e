"""Lambda functions: what moto forgets of them."""
from moto.awslambda.models import LambdaFunction

from rules import wrap


@wrap(LambdaFunction, "__init__")
def function(make, self, account_id, spec, region, version=1):
    """https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html: LoggingConfig, KMSKeyArn"""
    usual = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{spec['FunctionName']}"}
    self.logging_config = {**usual, **(spec.get("LoggingConfig") or {})}
    self.kms_key_arn = spec.get("KMSKeyArn")
    make(self, account_id, spec, region, version)


@wrap(LambdaFunction, "get_configuration")
def configuration(get, self, on_create=False):
    kms = {"KMSKeyArn": self.kms_key_arn} if self.kms_key_arn else {}
    return {**get(self, on_create), "LoggingConfig": self.logging_config, **kms}
