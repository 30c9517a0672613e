import type { StandaloneConnectionOptions } from "ioredis";
import StandaloneConnector from "ioredis/built/connectors/StandaloneConnector";

type Connect = StandaloneConnector["connect"];

/**
 * ioredis listens for the first error of a socket alone. A TLS socket given up while it shakes hands can have a second
 * one, an alert of the other side, and that would end the process.
 */
export class Connector extends StandaloneConnector {
  /** @param options - ioredis' own of one node; it types what a connector takes as unknown. */
  constructor(options: unknown) {
    super(options as StandaloneConnectionOptions);
  }

  override async connect(...args: Parameters<Connect>): ReturnType<Connect> {
    const stream = await super.connect(...args);
    return stream.on("error", () => {
      // The first is told by the client, and there is nothing to do about the next.
    });
  }
}
