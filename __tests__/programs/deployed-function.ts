import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { StackFunction } from "../../cli/dev/lambda/stack";
import { unzip } from "../../cli/dev/lambda/unzip";
import { type RunningFunction, startFunction } from "./lambda";

/**
 * A function of a synthesized stack as a deploy brings it: its zip unpacked in a folder that holds nothing else, its
 * handler, timeout, memory and cap.
 *
 * @param applied - what its variables are that only a deploy can know.
 * @param beside - what there is beside them: credentials of its role, where AWS is.
 * @throws when the stack tells it a variable that neither it nor `applied` has a value for.
 */
export async function startDeployed(
  deployed: StackFunction,
  applied: Readonly<Record<string, string>>,
  beside: Readonly<Record<string, string>>,
  processes = 1,
): Promise<RunningFunction> {
  const { name, zip, handler, timeoutSeconds, memoryMib, variables, told } = deployed;
  const unknown = [...told].filter((variable) => !(variable in variables || variable in applied));
  const invented = Object.keys(applied).filter((variable) => !told.has(variable));
  if (unknown.length + invented.length > 0) throw new Error(`${name} is told ${[...told]}, not ${[...invented]}`);
  const root = mkdtempSync(path.join(os.tmpdir(), "function-"));
  unzip(zip, root);
  const environment = { ...variables, ...applied, ...beside };
  const props = { name, root, timeoutSeconds, memoryMib, mostAtOnce: deployed.mostAtOnce ?? processes };
  const running = await startFunction(handler, environment, props, processes);
  return {
    ...running,
    async stop() {
      await running.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
