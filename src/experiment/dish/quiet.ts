/**
 * A dish is quieted before it is taught, and looked at before each cycle: volleys show how long its answers last, and where they last
 * too long, stimulation spread over the electrodes keeps it busy until it has scaled its excitation down (Turrigiano et al. 1998,
 * https://doi.org/10.1038/36103), which takes tissue hours. Each look, and each block of quieting, is a stage.
 */
import { SPREAD_PER_SECOND, SpreadPulses } from "../../device/protocols/spread.ts";
import { Random } from "../../math/random.ts";
import type { CulturesState } from "../../session/cultures.ts";
import { EVOKED_GAP_MS, type Evoked, evokedResponse } from "../../session/evoked.ts";
import type { Desk } from "../job/lab.ts";
import { stage } from "../job/recorded.ts";

/** Volleys of a look. */
export const LOOK_VOLLEYS = 20;
export const LOOK_SECONDS = (LOOK_VOLLEYS * EVOKED_GAP_MS) / 1000;
/** After this much quieting it is looked at again. */
export const BLOCK_SECONDS = 300;

/**
 * Late spikes of a volley for each electrode of the array, at most: before teaching, and while it goes on. On the simulated culture of
 * 64 electrodes a volley evokes some 150 before it is quieted, hardly any afterwards, and from 60 on teaching does harm.
 */
export const QUIET_LATE = 20 / 64;
export const TAUGHT_LATE = 60 / 64;

/** What a look saw, and how the dish was left. */
interface Look extends Evoked {
  readonly quietedSeconds: number;
  readonly pulses: number;
  readonly state: CulturesState;
}

/** What a volley evoked when the dish was quiet, or as quiet as was allowed, and what is to be told of it. */
export interface Quieted {
  readonly evoked: Evoked | null;
  readonly notes: readonly string[];
}

/** Looks at the dish before a cycle (-1: before all else), and quiets it if need be. */
export async function quietDish(desk: Desk, cycle: number): Promise<Quieted> {
  const { plan, cultures } = desk;
  if (plan.quietMinutes === undefined) return { evoked: null, notes: [] };
  const bound = (cycle < 0 ? QUIET_LATE : TAUGHT_LATE) * cultures.layouts[0].profile.electrodes.length;
  const looks: Look[] = [];
  for (let block = 0; ; block++) {
    const seconds = block === 0 ? 0 : Math.min(BLOCK_SECONDS, 60 * plan.quietMinutes - secondsOf(looks));
    looks.push(
      await stage(desk, { part: "quiet", cycle, block }, () => quietAndLook(desk, seconds, [cycle, block])),
    );
    if (looks[block].late <= bound || secondsOf(looks) >= 60 * plan.quietMinutes) break;
  }
  const { early, late, state } = looks[looks.length - 1];
  await cultures.restore(state);
  return { evoked: { early, late }, notes: [noteOf(looks, cycle, bound)] };
}

async function quietAndLook(
  { cultures, seed, code }: Desk,
  seconds: number,
  at: readonly number[],
): Promise<Look> {
  const random = Random.of(seed, "quiet", code, ...at);
  const spread = new SpreadPulses(cultures.layouts[0].profile, random.split("spread"), SPREAD_PER_SECOND);
  let pulses = 0;
  for (let second = 0; second < seconds; second++)
    pulses += await cultures.stimulate([spread.second(0)], 1000, 1);
  const looked = { random: random.split("look"), volleys: LOOK_VOLLEYS, plasticity: 1 };
  const [evoked] = await evokedResponse(cultures, looked);
  return { ...evoked, quietedSeconds: seconds, pulses, state: await cultures.snapshot() };
}

const secondsOf = (looks: readonly Look[]) =>
  looks.reduce((sum, { quietedSeconds }) => sum + quietedSeconds, 0);

function noteOf(looks: readonly Look[], cycle: number, bound: number): string {
  const when = cycle < 0 ? "Before all else" : `Before cycle ${cycle + 1}`;
  const [first, last] = [looks[0], looks[looks.length - 1]];
  const seen = `${when} a volley evoked ${first.late.toFixed(1)} spikes on the array 20 to 200 ms after it, over those without a volley (bound ${bound.toFixed(0)}), ${first.early.toFixed(1)} before that`;
  if (looks.length === 1) return `${seen}; it was not quieted.`;
  const pulses = looks.reduce((sum, look) => sum + look.pulses, 0);
  return `${seen}; after ${(secondsOf(looks) / 60).toFixed(0)} min of quieting (${pulses} pulses) ${last.late.toFixed(1)} and ${last.early.toFixed(1)}${last.late > bound ? ", which is still above the bound: more was not allowed (--quieting)" : ""}.`;
}
