import { Annotations, Token } from "cdktf";
import type { Construct } from "constructs";
import { checkWholeNumber, ValidationError } from "../validation";
import { LaunchType } from "./launch-type";

/** CPU and memory of a task. */
export interface TaskSize {
  /** CPU units; 1024 are one vCPU. */
  readonly cpu: number;
  readonly memoryMib: number;
}

/** The least size in the source document. With less, the health check there killed the task during its start. */
export const DOCUMENT_SIZE: TaskSize = { cpu: 512, memoryMib: 1024 };

/** The memory that Fargate accepts for a number of CPU units: from, to, and the step between. MiB. */
interface MemoryRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

const GIB = 1024;

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
const FARGATE_MEMORY: Readonly<Record<number, MemoryRange | readonly number[]>> = {
  256: [512, GIB, 2 * GIB],
  512: { from: GIB, to: 4 * GIB, step: GIB },
  1024: { from: 2 * GIB, to: 8 * GIB, step: GIB },
  2048: { from: 4 * GIB, to: 16 * GIB, step: GIB },
  4096: { from: 8 * GIB, to: 30 * GIB, step: GIB },
  8192: { from: 16 * GIB, to: 60 * GIB, step: 4 * GIB },
  16384: { from: 32 * GIB, to: 120 * GIB, step: 8 * GIB },
};

/** The least size on instances. The CPU is AWS' minimum. With less memory, Node does not start. */
const LEAST: TaskSize = { cpu: 128, memoryMib: 128 };
const MOST_CPU = 196_608;

/**
 * Warns at synth of a size below the source document's, with the reason for that size.
 *
 * @throws when the launch type does not accept the size.
 */
export function checkTaskSize(scope: Construct, launchType: LaunchType, size: TaskSize): void {
  // A pair with an unresolved token cannot be looked up.
  if (Token.isUnresolved(size.cpu) || Token.isUnresolved(size.memoryMib)) return;
  if (launchType === LaunchType.FARGATE) checkFargate(scope, size);
  else checkInstance(scope, size);
  warnBelowDocument(scope, size);
}

function checkFargate(scope: Construct, { cpu, memoryMib }: TaskSize): void {
  const memory = FARGATE_MEMORY[cpu];
  if (memory === undefined) {
    throw new ValidationError(scope, {
      what: "cpu",
      got: cpu,
      allowed: `on Fargate ${Object.keys(FARGATE_MEMORY).join(", ")}`,
      fix: `leave it out for ${DOCUMENT_SIZE.cpu}`,
    });
  }
  if (isList(memory) ? memory.includes(memoryMib) : isWithin(memory, memoryMib)) return;
  throw new ValidationError(scope, {
    what: "memoryMib",
    got: `${memoryMib} with cpu ${cpu}`,
    allowed: isList(memory)
      ? `with that cpu on Fargate ${memory.join(", ")}`
      : `with that cpu on Fargate ${memory.from} to ${memory.to} in steps of ${memory.step}`,
    fix: `take ${isList(memory) ? memory[0] : memory.from}`,
  });
}

function isList(memory: MemoryRange | readonly number[]): memory is readonly number[] {
  return Array.isArray(memory);
}

function isWithin({ from, to, step }: MemoryRange, mib: number): boolean {
  return mib >= from && mib <= to && (mib - from) % step === 0;
}

function checkInstance(scope: Construct, { cpu, memoryMib }: TaskSize): void {
  checkWholeNumber(scope, "cpu", cpu, {
    min: LEAST.cpu,
    max: MOST_CPU,
    fix: `leave it out for ${DOCUMENT_SIZE.cpu}`,
  });
  checkWholeNumber(scope, "memoryMib", memoryMib, {
    min: LEAST.memoryMib,
    fix: `leave it out for ${DOCUMENT_SIZE.memoryMib}`,
  });
}

function warnBelowDocument(scope: Construct, { cpu, memoryMib }: TaskSize): void {
  if (cpu >= DOCUMENT_SIZE.cpu && memoryMib >= DOCUMENT_SIZE.memoryMib) return;
  Annotations.of(scope).addWarning(
    `${scope.node.path}: cpu ${cpu} and memoryMib ${memoryMib} are below the ${DOCUMENT_SIZE.cpu} and ` +
      `${DOCUMENT_SIZE.memoryMib} that the source document asks for: with less, its health check killed the task ` +
      "while that was still starting. That was a Java start; the session app starts in a second. Measure an app of your own.",
  );
}
