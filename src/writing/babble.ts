/**
 * Babbling with strings: the context of one, and mostly the code of another, in random order and independent of each other, plasticity
 * off. So nothing is said of which context goes with which string.
 *
 * Legend: R presentations, C channels, S sensory places, W electrodes that are written to, K numbers of a program.
 */
import type { Random } from "../math/random.ts";
import type { Cultures } from "../session/cultures.ts";
import { type Codes, marked } from "./codes.ts";
import { show } from "./presenting.ts";
import type { Strings } from "./strings.ts";

export interface BabbledStrings {
  readonly rows: number;
  /** `[R, C]` */
  readonly counts: Float32Array;
  /** `[R, S]` 1 where a place was pulsed. */
  readonly contexts: Float32Array;
  /** `[R, K]` of the string that was written; of no meaning where none was. */
  readonly programs: Float32Array;
  readonly written: Float32Array;
  /** `[R, W]` 1 where an electrode of the prediction zone was pulsed. */
  readonly electrodes: Float32Array;
}

const WRITE_SHARE = 0.75;

export async function babbleStrings(
  cultures: Cultures,
  { strings, codes, rows }: { strings: Strings; codes: Codes; rows: number },
  random: Random,
): Promise<BabbledStrings> {
  const [{ frames, roles, channels: C }] = cultures.layouts;
  const [S, W] = [roles.sensory.length, roles.prediction.length];
  const babbled = {
    rows,
    counts: new Float32Array(rows * C),
    contexts: new Float32Array(rows * S),
    programs: new Float32Array(rows * strings.numbers),
    written: new Float32Array(rows),
    electrodes: new Float32Array(rows * W),
  };
  const any = () => strings.babbled[random.integer(strings.babbled.length)];
  for (let row = 0; row < rows; row++) {
    const context = any();
    const places = codes.placesOf(context);
    const string = any();
    const isWritten = random.uniform() < WRITE_SHARE;
    const write = isWritten
      ? {
          channels: codes.channelsOf(string),
          amplitude: 0.5 + 0.5 * random.uniform(),
          delayFrames: frames.babbleWrites[random.integer(frames.babbleWrites.length)],
        }
      : null;
    const trial = { text: context.text, target: isWritten ? string.text : "" };
    const answered = await show(cultures, { places, write, plasticity: 0, trial });
    // Copies of all sizes, down to none: a culture's own predictions have no pulse behind them.
    babbled.counts.set(answered.withCopies(random.uniform()), row * C);
    babbled.contexts.set(marked(places, S), row * S);
    babbled.programs.set(string.program, row * strings.numbers);
    babbled.written[row] = isWritten ? 1 : 0;
    for (const channel of write?.channels ?? [])
      babbled.electrodes[row * W + roles.prediction.indexOf(channel)] = 1;
  }
  return babbled;
}
