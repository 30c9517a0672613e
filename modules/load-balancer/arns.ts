import { Token } from "cdktf";
import type { Construct } from "constructs";
import { regionOf } from "../network/region";
import { refused } from "../refused";

const CERTIFICATE = /^arn:aws:acm:([a-z0-9-]+):\d{12}:certificate\/[0-9a-f-]{36}$/;
const WEB_ACL = /^arn:aws:wafv2:([a-z0-9-]+):\d{12}:regional\/webacl\/[\w-]+\/[0-9a-f-]{36}$/;

/**
 * A load balancer takes certificates of its own region alone; one for CloudFront is in us-east-1.
 *
 * @throws when the ARN is none of a certificate in AWS Certificate Manager, or of another region.
 * @see https://docs.aws.amazon.com/acm/latest/userguide/acm-overview.html
 */
export function checkCertificate(scope: Construct, arn: string): void {
  checkArn(scope, arn, CERTIFICATE, {
    what: "certificateArn",
    allowed: "arn:aws:acm:<region>:<account>:certificate/<id>",
    fix: "request or import the certificate in AWS Certificate Manager in that region and take the ARN from there",
  });
}

/**
 * @throws when the ARN is none of a regional web ACL of AWS WAF (v2), or of another region.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html
 */
export function checkWebAcl(scope: Construct, arn: string): void {
  checkArn(scope, arn, WEB_ACL, {
    what: "webAclArn",
    allowed: "arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>",
    fix: "take a web ACL of scope REGIONAL in that region",
  });
}

interface ArnForm {
  readonly what: string;
  readonly allowed: string;
  readonly fix: string;
}

function checkArn(scope: Construct, arn: string, form: RegExp, { what, allowed, fix }: ArnForm): void {
  if (Token.isUnresolved(arn)) return;
  const region = form.exec(arn)?.[1];
  const own = regionOf(scope);
  if (region === own) return;
  throw refused(scope, {
    what,
    got: region === undefined ? JSON.stringify(arn) : `one of region ${region}`,
    allowed: region === undefined ? `${allowed}, of region ${own}` : `one of region ${own}, in which the stack stands`,
    fix,
  });
}
