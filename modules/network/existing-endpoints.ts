import { DefaultTokenResolver, StringConcat, Token, Tokenization } from "cdktf";
import { Construct } from "constructs";
import { type Peer, SecurityGroup } from "../connections";
import { type AwsService, isGatewayService } from "./aws-service";

/** Ids of security groups and prefix lists, keyed by service. */
export type EndpointIds = Readonly<Partial<Record<AwsService, string>>>;

/** Existing endpoints of a VPC. */
export class ExistingEndpoints extends Construct {
  readonly #ids: EndpointIds;
  readonly #groups = new Map<string, Peer>();

  constructor(scope: Construct, id: string, ids: EndpointIds) {
    super(scope, id);
    this.#ids = ids;
  }

  /** Id of a service's prefix list, if there is one. */
  findPrefixList(service: AwsService): string | undefined {
    const id = this.#ids[service];
    return id !== undefined && isPrefixList(service, id) ? id : undefined;
  }

  /** The security group of a service's endpoint, if there is one. Endpoints can share a group. */
  findGroup(service: AwsService): Peer | undefined {
    const id = this.#ids[service];
    if (id === undefined || isPrefixList(service, id)) return undefined;
    const key = this.#written(id);
    const group = this.#groups.get(key) ?? this.#group(service, id);
    this.#groups.set(key, group);
    return group;
  }

  /** The id as it is written in the JSON, because each read of an attribute returns another token. */
  #written(id: string): string {
    const resolver = new DefaultTokenResolver(new StringConcat());
    return String(Tokenization.resolve(id, { scope: this, resolver, preparing: false }));
  }

  #group(service: AwsService, securityGroupId: string): Peer {
    const id = Token.isUnresolved(securityGroupId) ? service.replace(".", "-") : securityGroupId;
    return { securityGroup: SecurityGroup.fromExisting(this, id, { securityGroupId }) };
  }
}

function isPrefixList(service: AwsService, id: string): boolean {
  return Token.isUnresolved(id) ? isGatewayService(service) : id.startsWith("pl-");
}
