import { ArtifactBucket, ArtifactFile } from "../../../modules/artifact";
import { Nat } from "../../../modules/network";
import { type AppDeployment, WebApp } from "../../../modules/web-app";
import { synthesize } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";
import { decodeScript, fleet, HTTPS, type Props } from "./fleet";

describe("a fleet with an app of one's own", () => {
  class Shop extends WebApp {
    readonly port = 8080;
    readonly healthCheckPath = "/up";
    readonly secrets = {};
    override readonly timings = { longestRequestSeconds: 45, drainSeconds: 3, keepAliveSeconds: 75 };
    readonly artifact = new ArtifactFile(this, "file", {
      bucket: new ArtifactBucket(this, "artifacts"),
      path: smallBundle("require('http').createServer().listen(8080)", "shop.js"),
    });

    environmentAt({ scheme, origin }: AppDeployment): Record<string, string> {
      return { SHOP_ORIGIN: origin ?? `${scheme}://unknown` };
    }
  }

  const built = (props: Props = {}) =>
    synthesize((stack) =>
      fleet(stack, { ...HTTPS, domainName: "shop.example.com", app: new Shop(stack, "shop"), ...props }),
    );

  it("is served as its class says", () => {
    const s = built();
    expect(s.the("aws_lb_target_group")).toMatchObject({ port: 8080, health_check: { path: "/up" } });
    expect(decodeScript(s)).toContain('SHOP_ORIGIN="https://shop.example.com"');
    expect(decodeScript(s)).toMatch(/BUNDLE='\/opt\/web-app\/[0-9a-f]{64}\/shop\.js'/);
    expect(decodeScript(s)).toContain("HEALTH_URL='http://127.0.0.1:8080/up'");
  });

  it("pays for no endpoint it does not call", () => {
    const s = built({ zones: { nat: Nat.NONE } });
    expect(Object.keys(s.all("aws_vpc_endpoint")).join()).not.toContain("secretsmanager");
  });

  it("is believed about its times", () => {
    expect(() => built({ idleTimeoutSeconds: 70 })).not.toThrow();
    expect(() => built({ idleTimeoutSeconds: 75 })).toThrow("the apps behind keep connections for 75 s");
  });
});
