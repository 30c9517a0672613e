import type { StrictAws } from "./aws-double/start";
import { bothKeysAreRead, hasMoreRights, otherCertificates, type Rotation } from "./running/rotations";
import type { Settings } from "./synthesize";
import { makeCertificate } from "./there-already";

const EVERYBODY = ["0.0.0.0/0"];

const fleet =
  (more: Settings = {}) =>
  async (aws: StrictAws) => ({
    ec2: { allowedCidrs: EVERYBODY, fleet: { certificateArn: await makeCertificate(aws) } },
    nat: "single",
    ...more,
  });
const rotatedKey = fleet({ secretKeyVersion: 2 });

/** Of a fleet by https. Each edit leaves what the one before did. */
export const FLEET_ROTATIONS: readonly Rotation[] = [
  { what: "SECRET_KEY rotated", edit: { settings: rotatedKey }, also: bothKeysAreRead },
  { what: "new bundle, fleet", edit: { settings: rotatedKey, otherBundles: true } },
];

const services = { ec2: { allowedCidrs: EVERYBODY }, ecs: { http: true, allowedCidrs: EVERYBODY } };

/** Of services by http, on Fargate. */
export const SERVICE_ROTATIONS: readonly Rotation[] = [
  { what: "Redis user's rights", edit: { settings: services, moreRights: true }, also: hasMoreRights },
  { what: "new bundle, services", edit: { settings: services, moreRights: true, otherBundles: true } },
  { what: "CA of Redis' certificates", also: otherCertificates },
];

export const FUNCTION_ROTATIONS: readonly Rotation[] = [
  { what: "new bundle, function", edit: { settings: { lambda: { allowedCidrs: EVERYBODY } }, otherBundles: true } },
];
