/** Where a part stands: in subnets of a kind, in the VPC and in no subnet, or outside. */
export type Place = "public" | "private" | "vpc" | "outside";

/** Something a reader of the picture has heard of. */
export interface Part {
  readonly id: string;
  /** First line what it is, then what tells it from others. */
  readonly lines: readonly string[];
  readonly shape: "box" | "store" | "round";
  readonly place: Place;
  /** Address of the security group it is in. */
  readonly group?: string | undefined;
  /** Addresses of the roles it has. */
  readonly roles: readonly string[];
  /** Addresses of the resources it stands for. */
  readonly resources: readonly string[];
}

/** Parts in one security group that are drawn as one. */
export interface Box {
  readonly id: string;
  readonly title: string;
  readonly place: Place;
  readonly parts: readonly Part[];
}

/** Who may connect to whom, or do what at AWS. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** What only IAM says is dotted. */
  readonly dotted?: boolean;
  /** Leads past what stands beside it, on its way out. */
  readonly isWayOut?: boolean;
}

/** A stack as a picture. */
export interface Drawing {
  readonly vpc: string;
  /** Title of each kind of subnet. */
  readonly subnets: Readonly<Record<"public" | "private", string>>;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}
