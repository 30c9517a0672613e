/** Place of a part: in public or private subnets, in the VPC without a subnet, or outside of it. */
export type Place = "public" | "private" | "vpc" | "outside";

/** A part of the picture: a resource, or a few that a reader knows under one name. */
export interface Part {
  readonly id: string;
  /** First its kind, then details that distinguish it from others. */
  readonly lines: readonly string[];
  readonly shape: "box" | "store" | "round";
  readonly place: Place;
  /** Address of its security group. */
  readonly group?: string | undefined;
  /** Addresses of its roles. */
  readonly roles: readonly string[];
  /** Addresses of the resources that it represents. */
  readonly resources: readonly string[];
}

/** Parts in one security group that are drawn as one. */
export interface Box {
  readonly id: string;
  readonly title: string;
  readonly place: Place;
  readonly parts: readonly Part[];
}

/** An allowed connection between two boxes, or a permission at AWS. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Whether the line is dotted, for a permission in IAM without a network rule. */
  readonly dotted?: boolean;
  /** Whether the arrow leads out of AWS, past other boxes. */
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
