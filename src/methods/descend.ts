/**
 * Steps 4 and 5 of the cycle, presentation by presentation: the emulator descends on what should be said to the data, proposes
 * the states to follow, and those are decoded and written while the cultures still answer.
 *
 * Legend: R presentations, N brains, B bins, C channels, K classes, S electrodes of a write.
 */
import { decodeWrite } from "../device/stimulation.ts";
import { concatenateStates, type Past } from "../emulator/contract.ts";
import { pearson } from "../math/correlation.ts";
import { Random } from "../math/random.ts";
import { concatenateRows } from "../math/rows.ts";
import type { Write } from "../protocol/protocol.ts";
import { type Act, type Moment, placesOf, type Walked, walk } from "../session/walk.ts";
import type { Trained, Training, WriteLog } from "./contract.ts";

/** A cycle of the arm that descends: refits the emulator on all that was recorded, then descends and writes. */
export async function descendAndWrite<M, I>(
  training: Training<M, I>,
): Promise<{
  readonly walked: Walked;
  readonly writes: readonly (readonly Write[])[];
  readonly descended: NonNullable<Trained<M, I>["descended"]>;
}> {
  const { plan, seed, code, cycle, cultures, emulator, beginning, before } = training;
  const random = Random.of(seed, "descent", code, cycle);
  const earlier = before.flatMap(({ descended }) => descended ?? []);
  const last = earlier.at(-1);
  const fitted = last
    ? await emulator.refit(
        last.models,
        beginning.babbled,
        earlier.map(({ past }) => past.states),
        random,
      )
    : null;
  const models = fitted?.models ?? training.models;
  const descent = await emulator.descent(models, {
    improved: last?.improved ?? emulator.dynamicsOf(models),
    past: earlier.length > 0 ? joinedPast(earlier.map(({ past }) => past)) : null,
  });
  const draws = random.split("write");
  const log = blankLog(training);
  const written: Write[][] = [];
  let intended: Float32Array = new Float32Array(0);

  const act = async ({ index, data, targets }: Moment): Promise<Act> => {
    const places = placesOf(data, cultures.layouts[0].roles.sensory.length);
    const { crossEntropy, forecast } = await descent.descend(places, targets, draws);
    const proposal = await descent.propose(draws);
    intended = proposal.intended;
    log.crossEntropy[index] = crossEntropy;
    log.priorError[index] = proposal.priorError;
    log.forecast.push(forecast);
    const writes = cultures.layouts.map((layout, brain): Write => {
      const window = layout.protocol.bins * layout.channels;
      const own = (states: Float32Array) => states.subarray(brain * window, (brain + 1) * window);
      const chosen = decodeWrite(
        { intended: own(proposal.intended), alone: own(proposal.alone), channels: layout.channels },
        layout.roles.prediction,
        layout.protocol.patternSize,
      );
      note(training, log, { index, brain, chosen, target: targets[brain] });
      return { channels: chosen, amplitude: 1, delayFrames: layout.frames.write };
    });
    written.push(writes);
    const N = cultures.layouts.length;
    return {
      writes,
      notes: writes.map((_, brain) => ({
        crossEntropy: log.crossEntropy[index],
        priorError: log.priorError[index],
        predicted: log.predicted[index * N + brain],
      })),
    };
  };

  const walked = await walk(cultures, {
    world: training.task.world("train", cycle, training.connected),
    steps: plan.presentations,
    plasticity: training.plasticity,
    patterns: beginning.patterns,
    act,
    async seen({ index, targets }, _, states) {
      const evoked = concatenateRows(states);
      const window = evoked.length / states.length;
      states.forEach((state, brain) => {
        const own = intended.subarray(brain * window, (brain + 1) * window);
        log.correlation[index * states.length + brain] = pearson(own, state);
      });
      training.onWrite({ index, targets, intended, evoked, log });
      await descent.observe(evoked);
    },
    watch: (event, world) =>
      training.watch({
        event,
        game: world.game?.() ?? null,
        crossEntropy: log.crossEntropy[log.forecast.length - 1],
      }),
  });
  return {
    walked,
    writes: written,
    descended: {
      past: { states: walked.states, targets: walked.targets },
      models,
      losses: fitted?.losses ?? null,
      improved: descent.improved(),
      log,
    },
  };
}

interface Chosen {
  readonly index: number;
  readonly brain: number;
  readonly chosen: readonly number[];
  readonly target: number;
}

/** Logs a write, and whether the emulator expected the class before it learned. */
function note<M, I>(
  { cultures, beginning, task }: Training<M, I>,
  log: WritableLog,
  { index, brain, chosen, target }: Chosen,
): void {
  const N = cultures.layouts.length;
  const row = index * N + brain;
  const K = task.classes;
  const forecast = log.forecast[index].subarray(brain * K, (brain + 1) * K);
  log.predicted[row] = indexOfLargest(forecast) === target ? 1 : 0;
  const right = beginning.patterns[brain][target] ?? [];
  log.overlap[row] = chosen.filter((channel) => right.includes(channel)).length / chosen.length;
}

type WritableLog = WriteLog & { readonly forecast: Float64Array[] };

function blankLog<M, I>({ plan, cultures }: Training<M, I>): WritableLog {
  const R = plan.presentations;
  const N = cultures.layouts.length;
  return {
    crossEntropy: new Float32Array(R),
    forecast: [],
    predicted: new Uint8Array(R * N),
    priorError: new Float32Array(R),
    overlap: new Float32Array(R * N),
    correlation: new Float32Array(R * N),
  };
}

function joinedPast(parts: readonly Past[]): Past {
  return {
    states: concatenateStates(parts.map(({ states }) => states)),
    targets: Int32Array.from(parts.flatMap(({ targets }) => [...targets])),
  };
}

function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
