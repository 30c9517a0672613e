import { readConfiguration } from "../terraform/read-configuration";
import { draw } from "./draw";
import { mermaid } from "./mermaid";

/** A page with a picture: a stack, and the settings that override those of cdktf.json. */
export interface Page {
  readonly name: string;
  readonly stack: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly says: string;
  /** Another page that shows the picture, below a comment with its name. */
  readonly shownIn: string;
}

const FLEET = { certificateArn: `arn:aws:acm:ap-northeast-1:123456789012:certificate/${"0".repeat(36)}` };

/** The diagrams that `npm run diagrams` writes, one page each. */
export const PAGES: readonly Page[] = [
  {
    name: "session-ec2",
    stack: "session-ec2",
    settings: {},
    shownIn: "docs/ec2.md",
    says: "One instance with the app, and Redis in the private subnets.",
  },
  {
    name: "session-ec2-fleet",
    stack: "session-ec2",
    settings: { ec2: { allowedCidrs: ["203.0.113.0/24"], fleet: FLEET } },
    shownIn: "docs/fleet.md",
    says: "With `ec2.fleet` and a certificate: [instances behind a load balancer](../fleet.md), which reach AWS by endpoints.",
  },
  {
    name: "session-ecs",
    stack: "session-ecs",
    settings: {},
    shownIn: "docs/ecs.md",
    says: "[Services by path](../ecs.md) behind one load balancer, sharing one session.",
  },
  {
    name: "session-lambda",
    stack: "session-lambda",
    settings: {},
    shownIn: "docs/lambda.md",
    says: "[Functions](../lambda.md): the app behind an HTTP API, and photos from DynamoDB through Redis.",
  },
];

const HOW_TO_READ = `\`npm run diagrams\` draws this picture from the output of \`npm run synth\`. A solid arrow is a pair of security group rules, with the
port. An arrow to Redis also names the IAM user that logs in. A dotted arrow is an action that a role allows.

The picture leaves out routes, gateway endpoints that no rule names, log groups, the flow log, alarms, the dashboard, roles, the
versions of the key, and tags.`;

/** @param synthesized - contents of the stack's cdk.tf.json. */
export function pageText({ name, says }: Page, synthesized: string): string {
  return `# ${name}\n\n${says}\n\n\`\`\`mermaid\n${picture(synthesized)}\n\`\`\`\n\n${HOW_TO_READ}\n`;
}

/**
 * Replaces the picture below the comment with the page's name.
 *
 * @throws when the text has no such comment.
 */
export function withPicture({ name, shownIn }: Page, text: string, synthesized: string): string {
  const place = new RegExp(`(<!-- ${name}: npm run diagrams -->\\n\`\`\`mermaid\\n)[^\`]*(\`\`\`\\n)`);
  if (!place.test(text))
    throw new Error(`${shownIn}: got no comment "${name}: npm run diagrams" above a mermaid block`);
  return text.replace(place, (_, start, end) => `${start}${picture(synthesized)}\n${end}`);
}

/** A synthesized stack, or a plan, in Mermaid. */
export function picture(json: string): string {
  return mermaid(draw(readConfiguration(json)));
}
