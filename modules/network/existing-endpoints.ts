import { DefaultTokenResolver, StringConcat, Token, Tokenization } from "cdktf";
import { Construct } from "constructs";
import { type Peer, SecurityGroup } from "../connections";
import { type AwsService, isGatewayService } from "./aws-service";

/** Ids by service: a security group's or a prefix list's. */
export type EndpointIds = Readonly<Partial<Record<AwsService, string>>>;

/** Endpoints that exist already in a VPC. */
export class ExistingEndpoints extends Construct {
  readonly #ids: EndpointIds;
  readonly #groups = new Map<string, Peer>();

  constructor(scope: Construct, id: string, ids: EndpointIds) {
    super(scope, id);
    this.#ids = ids;
  }

  /** Id of the prefix list that leads to a service, if there is one. */
  findPrefixList(service: AwsService): string | undefined {
    const id = this.#ids[service];
    return id !== undefined && isPrefixList(service, id) ? id : undefined;
  }

  /** The group in front of a service's endpoint, if there is one: the same for all endpoints behind it. */
  findGroup(service: AwsService): Peer | undefined {
    const id = this.#ids[service];
    if (id === undefined || isPrefixList(service, id)) return undefined;
    const key = this.#written(id);
    const group = this.#groups.get(key) ?? this.#group(service, id);
    this.#groups.set(key, group);
    return group;
  }

  /** As it will stand in the JSON: an attribute is another token each time it is asked for. */
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
