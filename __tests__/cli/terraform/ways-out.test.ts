import { findWayOut } from "../../../cli/terraform/ways-out";

// A folder that no deployment of this checkout has: the way out of an unsaved state depends on the files in it.
const FOLDER = "cdktf.out/stacks/not-synthesized";

/** As Terraform 1.11 and provider 5.100 say it; framed and broken into lines as on a terminal. */
const SAID = [
  [
    "a resource that is there",
    "Error: creating ElastiCache Replication Group (not-synthesized-redis): operation error ElastiCache: CreateReplicationGroup, https response error StatusCode: 400, RequestID: x, ReplicationGroupAlreadyExists: exists",
    /npm run doctor -- not-synthesized names it, npm run deploy -- not-synthesized --import-existing /,
  ],
  [
    "a function that is there",
    "ResourceConflictException: Function already exist: session-lambda-web-app",
    /import-existing/,
  ],
  [
    "credentials of EC2 that expire",
    "Error: creating EC2 VPC: operation error EC2: CreateVpc, https response error StatusCode: 400, RequestID: x, api error RequestExpired: Request has expired.",
    /^AWS refuses the credentials, .*: /,
  ],
  [
    "credentials of CloudWatch Logs that expire",
    "Error: creating CloudWatch Logs Log Group (/o/l): operation error CloudWatch Logs: CreateLogGroup, https response error StatusCode: 400, RequestID: , api error ExpiredTokenException: The security token included in the request is expired",
    /^AWS refuses the credentials, .*: /,
  ],
  [
    "a disk that is full before the plan is written",
    "\u001b[31m╷\u001b[0m\n│ Error: Failed to write plan file\n│ \n│ The plan file could not be written: write plan.out: no\n│ space left on device.\n╵",
    /^cdktf\.out\/stacks\/not-synthesized: the disk is full: free space on it, and run the command again/,
  ],
  [
    "a disk that is full for the lock, which Terraform calls an error of acquiring it",
    'Error: Error acquiring the state lock\n\nError message: could not write lock info for "terraform.tfstate": write\n.terraform.tfstate.lock.info: no space left on device',
    /^cdktf\.out\/stacks\/not-synthesized: the disk is full: free space on it, and run the command again/,
  ],
  [
    "a quota of the disk that is used up",
    "Error: Failed to write plan file\n\nThe plan file could not be written: write plan.out: disk quota exceeded.",
    /^cdktf\.out\/stacks\/not-synthesized: the disk quota is used up: delete files there, or raise the quota, and run the command again/,
  ],
  [
    "a disk that is read-only",
    "Error: Failed to install provider\n\nmkdir /srv/cache/aws: read-only file system",
    /^\/srv\/cache\/aws: the disk is read-only: make it writable, or work in another folder, and run the command again/,
  ],
  [
    "a state that is broken, which Terraform calls an error of acquiring the lock",
    "Error: Error acquiring the state lock\n\nError message: 2 problems:\n\n- Unsupported state file format: The state file could not be parsed as\nJSON: syntax error at byte offset 40960.",
    /^the state is not one that Terraform wrote: deploy nothing from it, and restore it: /,
  ],
  [
    "a disk that is full for the provider",
    "Error: Failed to install provider\n\nError while installing hashicorp/aws v5.100.0: write\n/srv/cache/terraform-provider-aws_v5.100.0_x5: no space left on device",
    /^\/srv\/cache\/terraform-provider-aws_v5\.100\.0_x5: the disk is full: /,
  ],
  [
    "a disk that is full for the state too",
    "Error: Failed to save state\n\nwrite terraform.tfstate: no space left on device.\n\nError: Failed to persist state to backend\n\nAs a fallback,\nthe raw state data is printed above as a JSON object.",
    /^the state could not be saved, and Terraform printed it instead: free space .*, as cdktf\.out\/stacks\/not-synthesized\/errored\.tfstate, then terraform /,
  ],
] as const;

it.each(SAID)("a failure has its way out: %s", (_, said, wayOut) => {
  expect(findWayOut(said, FOLDER)).toMatch(wayOut);
});

it("has none where Terraform's own words are all there is to say", () => {
  expect(findWayOut("Error: Invalid provider configuration", FOLDER)).toBeUndefined();
});
