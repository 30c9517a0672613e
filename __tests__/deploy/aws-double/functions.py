"""Lambda functions: what moto forgets of them."""
import json

from moto.awslambda import urls
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse

from rules import wrap

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: concurrent executions
AT_ONCE = 1000


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


def get_account_settings(self):
    """https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html"""
    functions = list(self.backend.list_functions())
    reserved = sum(int(one.reserved_concurrency or 0) for one in functions)
    limit = {"ConcurrentExecutions": AT_ONCE, "UnreservedConcurrentExecutions": AT_ONCE - reserved}
    usage = {"FunctionCount": len(functions), "TotalCodeSize": 0}
    return 200, {}, json.dumps({"AccountLimit": limit, "AccountUsage": usage})


LambdaResponse.get_account_settings = get_account_settings
urls.url_paths[r"{0}/(?P<api_version>[^/]+)/account-settings/?$"] = LambdaResponse.dispatch
