import { existsSync, readFileSync } from "node:fs";

/** Where a call is not as AWS' service model has it. */
interface Finding {
  /** Path of the parameter, as in `Tags[0].Key`. */
  readonly member: string;
  readonly got: string;
  readonly allowed: string;
}

/** A call of an AWS service, as the double writes it down: aws-double/calls.py. */
export interface Call {
  /** Seconds since 1970. */
  readonly time: number;
  readonly who: { readonly accessKey: string; readonly program: string };
  /** As botocore names it. */
  readonly service: string;
  /** As its requests are signed, and as IAM names it but for few. */
  readonly signingName: string;
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** HTTP status of the answer. */
  readonly status: number;
  /** How many values were held against the model. */
  readonly values: number;
  readonly findings: readonly Finding[];
}

/** What holding a variant's calls against AWS' service models came to. */
export interface CheckedCalls {
  readonly calls: number;
  /** Different ones, as `ecs CreateService`. */
  readonly operations: readonly string[];
  readonly values: number;
  /** A line for each way in which a call is not as its model has it. */
  readonly findings: readonly string[];
}

/** Calls that a double wrote down, in their order. */
export function readCalls(file: string): Call[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line): Call => JSON.parse(line));
}

export function checkCalls(calls: readonly Call[]): CheckedCalls {
  const named = (call: Call) => `${call.service} ${call.operation}`;
  const findings = calls.flatMap((call) =>
    call.findings.map(({ member, got, allowed }) => `${named(call)}: ${member}: got ${got}, allowed: ${allowed}`),
  );
  return {
    calls: calls.length,
    operations: [...new Set(calls.map(named))].sort(),
    values: calls.reduce((sum, { values }) => sum + values, 0),
    findings: [...new Set(findings)],
  };
}
