/** Ctrl-C: the first asks the work to stop stimulating, save and return; the second ends the process at once. */
import { Stopped } from "../../tissue/stopped.ts";
import { Interrupted } from "./errors.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs `work` with a signal that aborts on Ctrl-C; throws `Interrupted` when that is why it ended. */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  say: (line: string) => void,
): Promise<T> {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    say("stopping: stimulation off, saving (again to end at once) ...");
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    const result = await work(controller.signal);
    controller.signal.throwIfAborted();
    return result;
  } catch (error) {
    if (controller.signal.aborted && isAbort(error, controller.signal))
      throw new Interrupted("stopped; the same command continues");
    throw error;
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return (
    error === signal.reason ||
    error instanceof Stopped ||
    (error instanceof Error && error.name === "AbortError")
  );
}
