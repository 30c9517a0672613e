import type { IncomingHttpHeaders } from "node:http";
import type { AppliedState } from "./state";

/** A call of an AWS service, as far as it matters to who may make it. */
export interface AwsCall {
  readonly accessKey: string;
  /** As in a host name. */
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys that this call has beside those of every call. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Reads who calls what from a signed request.
 *
 * @throws when it is none of the calls known here: one more is a line more.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function readCall(
  {
    method,
    url = "",
    headers,
  }: { readonly method?: string | undefined; readonly url?: string | undefined; readonly headers: IncomingHttpHeaders },
  body: string,
  state: AppliedState,
): AwsCall {
  // Credential=<access key>/<day>/<region>/<service>/aws4_request
  const credential = /Credential=([^/]+)\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "");
  const [, accessKey = "", service = ""] = credential ?? [];
  const target = String(headers["x-amz-target"] ?? "");
  const [, operation = ""] = target.split(".");
  switch (service) {
    case "s3": {
      const { pathname, searchParams } = new URL(url, `https://${headers.host}`);
      const [bucket] = headers.host?.split(".s3.") ?? [];
      const object = headers.host?.includes(".s3.") ? `${bucket}${pathname}` : pathname.slice(1);
      const version = method === "GET" ? searchParams.get("versionId") : null;
      const action = version === null ? "s3:GetObject" : "s3:GetObjectVersion";
      const context: AwsCall["context"] = version === null ? {} : { "s3:versionid": version };
      return { accessKey, service, action, resource: `arn:aws:s3:::${decodeURIComponent(object)}`, context };
    }
    case "secretsmanager": {
      const { SecretId: resource, VersionStage } = JSON.parse(body);
      const context: AwsCall["context"] = VersionStage && { "secretsmanager:VersionStage": VersionStage };
      return { accessKey, service, action: `secretsmanager:${operation}`, resource, context: { ...context } };
    }
    case "dynamodb": {
      const { arn } = state.by("aws_dynamodb_table", "name", JSON.parse(body).TableName);
      return { accessKey, service, action: `dynamodb:${operation}`, resource: arn, context: {} };
    }
    case "logs": {
      const { logGroupName, logStreamName } = JSON.parse(body);
      const { arn } = state.by("aws_cloudwatch_log_group", "name", logGroupName);
      return {
        accessKey,
        service,
        action: `logs:${operation}`,
        resource: `${arn}:log-stream:${logStreamName}`,
        context: {},
      };
    }
    default:
      throw new Error(`${headers.host}: a call of ${service || "an unsigned kind"} that is not expected`);
  }
}
