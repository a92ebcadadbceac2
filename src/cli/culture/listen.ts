/** What `wetgrad culture compare` and `rules` begin with: recordings are read, then simulated cultures live. */
import type { ReadCulture } from "../../recording/contract.ts";
import type { CultureActivity } from "../../report/compare/comparison.ts";
import { interruptible } from "../manners/interrupt.ts";
import { createProgress } from "../manners/progress.ts";
import { recordedActivity, type SimulatedCulture } from "./activity.ts";

interface Listening<Lived> {
  readonly paths: readonly string[];
  readonly read?: ReadCulture;
  readonly cultures: readonly SimulatedCulture[];
  readonly live: (culture: SimulatedCulture, signal: AbortSignal) => Promise<Lived>;
  /** What progress calls a simulated culture. */
  readonly messageOf: (culture: SimulatedCulture) => string;
}

/** With progress on stderr. Throws `Interrupted` after Ctrl-C. */
export async function listen<Lived>({ paths, read, cultures, live, messageOf }: Listening<Lived>) {
  const progress = createProgress(process.stderr);
  const total = paths.length + cultures.length;
  let done = 0;
  const real: CultureActivity[] = [];
  const simulated: Lived[] = [];
  try {
    await interruptible(async (signal) => {
      for (const path of paths) {
        real.push(...(await recordedActivity(path, read)));
        progress.update({ done: ++done, total, unit: "cultures", message: path });
        signal.throwIfAborted();
      }
      for (const culture of cultures) {
        simulated.push(await live(culture, signal));
        progress.update({ done: ++done, total, unit: "cultures", message: messageOf(culture) });
      }
    }, progress.say);
  } finally {
    progress.end();
  }
  return { simulated, real };
}
