/**
 * What a volley evokes on the whole array: what a laboratory can see of how quiet its culture is. Soon after a volley cells answer
 * it; in a culture that is not quiet the answer runs round the network for long after.
 *
 * Legend: N brains.
 */
import { pulsesFor } from "../device/stimulation.ts";
import type { Random } from "../math/random.ts";
import type { Cultures } from "./cultures.ts";

/** Spikes on the array after a volley over those of as long a time without one, mean over volleys. */
export interface Evoked {
  readonly early: number;
  readonly late: number;
}

/** After a volley (ms): what answers it, and what should be over. */
export const EARLY_MS = [4, 20] as const;
export const LATE_MS = [20, 200] as const;
/** What is there without a volley. */
const ALONE_MS = [300, 480] as const;
/** From a volley to the next. */
export const EVOKED_GAP_MS = 500;

export interface EvokedOptions {
  /** Of the electrodes of each volley. */
  readonly random: Random;
  readonly volleys: number;
  readonly plasticity: number;
}

/** `[N]` responses to volleys on as many random places as a datum has. */
export async function evokedResponse(cultures: Cultures, options: EvokedOptions): Promise<Evoked[]> {
  const { random, volleys, plasticity } = options;
  const sums = cultures.layouts.map(() => ({ early: 0, late: 0 }));
  for (let volley = 0; volley < volleys; volley++) {
    const pulses = cultures.layouts.map(({ roles, protocol, profile }) => {
      const places = random.permutation(roles.sensory.length).slice(0, protocol.contextSize);
      return pulsesFor(
        places.map((place) => roles.sensory[place]),
        1,
        0,
        profile,
      );
    });
    const answers = await cultures.respond(pulses, EVOKED_GAP_MS, plasticity);
    answers.forEach(({ spikes }, brain) => {
      const { perMs } = cultures.layouts[brain].frames;
      const within = ([from, until]: readonly [number, number]) =>
        spikes.frames.reduce(
          (sum, frame) => sum + (frame >= from * perMs && frame < until * perMs ? 1 : 0),
          0,
        );
      const alone = within(ALONE_MS);
      sums[brain].early += within(EARLY_MS) - alone * shareOf(EARLY_MS);
      sums[brain].late += within(LATE_MS) - alone * shareOf(LATE_MS);
    });
  }
  return sums.map(({ early, late }) => ({ early: early / volleys, late: late / volleys }));
}

function shareOf([from, until]: readonly [number, number]): number {
  return (until - from) / (ALONE_MS[1] - ALONE_MS[0]);
}
