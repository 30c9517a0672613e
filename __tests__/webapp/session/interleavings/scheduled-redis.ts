import type { Scheduler } from "fast-check";
import { Redis } from "ioredis";
import type { Script } from "../../../../webapp/session/redis-scripts";

/** A change of a script's text: a guard taken out. */
export interface PlantedFault {
  readonly script: Script;
  /** The text to replace; the script must hold it. */
  readonly from: string;
  readonly to: string;
}

/** A client whose commands wait until the scheduler lets them go, and which may run a script with a fault. */
export class ScheduledRedis extends Redis {
  /** @default - commands go at once */
  scheduler: Scheduler | undefined;
  readonly #fault: PlantedFault | undefined;

  constructor(port: number, fault?: PlantedFault) {
    super(port);
    this.#fault = fault;
    if (fault !== undefined && !fault.script.source.includes(fault.from))
      throw new Error(`no script has ${fault.from}`);
  }

  override sendCommand(...[command, stream]: Parameters<Redis["sendCommand"]>): unknown {
    this.#replaceScript(command);
    const { scheduler } = this;
    if (scheduler === undefined || stream !== undefined) return super.sendCommand(command, stream);
    const send = async (): Promise<void> => {
      await Promise.resolve(super.sendCommand(command)).catch(() => {});
    };
    scheduler.scheduleSequence([{ builder: send, label: `${command.name} ${command.args.slice(-2).join(" ")}` }]);
    return command.promise;
  }

  /** Redis does not know the changed script: EVALSHA ends with NOSCRIPT, and EVAL brings the text. */
  #replaceScript({ name, args }: Parameters<Redis["sendCommand"]>[0]): void {
    if (this.#fault === undefined) return;
    const { script, from, to } = this.#fault;
    if (name === "evalsha" && args[0] === script.sha1) args[0] = "0".repeat(40);
    if (name === "eval" && args[0] === script.source) args[0] = script.source.replace(from, to);
  }
}
