import * as z from "zod";
import { cidrs, text } from "./values";

/** Access by SSH, as instances have it. */
export const ssh = z
  .strictObject(
    {
      keyName: text(/^(?!.*[$%]\{)[\x20-\x7e]{1,255}$/, "the name of an EC2 key pair, without ${ and %{").meta({
        description: "Name of an EC2 key pair of the region",
      }),
      allowedCidrs: cidrs('a list of IPv4 blocks, as in ["203.0.113.7/32"]').optional().meta({
        description: "Networks that may connect to port 22",
        otherwise: "none: SSH goes through Session Manager, without a port",
      }),
    },
    'an object { "keyName", "allowedCidrs" }',
  )
  .nullable()
  .default(null)
  .meta({ description: "Access by SSH. null: no key pair; Session Manager opens a shell" });
