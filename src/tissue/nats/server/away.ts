/** Work at the NATS server that is done again while the server is away. */
import { setTimeout as pause } from "node:timers/promises";
import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";

const PAUSE_MS = 500;
/** A server without JetStream looks like one whose JetStream is not up yet: the user is told after this many tries. */
const TRIES_WITHOUT_JETSTREAM = 6;
const JETSTREAM_UNAVAILABLE = 503;

/** `work` must do no harm when it is done twice: its first answer may have been lost. */
export async function whileAway<T>(work: () => Promise<T>): Promise<T> {
  for (let silent = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      if (isSilence(error)) silent++;
      else if (!isAway(error)) throw error;
      if (silent >= TRIES_WITHOUT_JETSTREAM) throw error;
    }
    await pause(PAUSE_MS);
  }
}

/** The connection is down, or was while the answer was on its way. */
function isAway(error: unknown): boolean {
  const { TimeoutError, RequestError, ConnectionError } = errors;
  return error instanceof TimeoutError || error instanceof RequestError || error instanceof ConnectionError;
}

/** A server is there, but its JetStream is not. */
function isSilence(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return error.status === JETSTREAM_UNAVAILABLE;
  const { NoRespondersError, RequestError } = errors;
  if (error instanceof RequestError) return error.isNoResponders();
  return error instanceof NoRespondersError || (error as Error).name === "JetStreamNotEnabled";
}
