import type { Scheduler } from "fast-check";
import type { Store } from "../../../../webapp/session";

/** A store whose steps wait until the scheduler lets them go, one at a time. */
export function scheduleStore(store: Store, scheduler: Scheduler): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || name === "nameOf") return value;
      return async (...args: unknown[]): Promise<unknown> => {
        let answer: unknown;
        let failure: unknown;
        const builder = async (): Promise<void> => {
          try {
            answer = await value.apply(target, args);
          } catch (error) {
            failure = error;
          }
        };
        await scheduler.scheduleSequence([{ builder, label: String(name) }]).task;
        if (failure !== undefined) throw failure;
        return answer;
      };
    },
  });
}
