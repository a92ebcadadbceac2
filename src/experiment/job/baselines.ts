/**
 * What stands beside the cultures' own score. Some need no tissue (src/tasks/series/baselines), some their states or their
 * emulator: the emulator alone, readouts trained on the untrained cultures (the reservoir trick) and on the trained, silent
 * cultures, and shuffled spikes. All need the series known ahead; each gives a score for every brain.
 *
 * Legend: R presentations, N brains, B bins, C channels, K classes, P places.
 */
import type { States } from "../../emulator/contract.ts";
import { Random } from "../../math/random.ts";
import { concatenateRows, gatherRows } from "../../math/rows.ts";
import { addEfference, pulsesOf } from "../../protocol/layout.ts";
import type { Datum } from "../../protocol/protocol.ts";
import { placesOf } from "../../session/walk.ts";
import type { Task } from "../../tasks/contract.ts";
import type { Score } from "../../tasks/measures/score.ts";
import { scoreBaselines } from "../../tasks/series/baselines/index.ts";
import type { Shown } from "./after.ts";
import type { Lab } from "./lab.ts";
import { scoresOf } from "./probe.ts";
import type { Reader, Reading } from "./readings.ts";
import { openReadoutTrainer } from "./readout.ts";
import { rowsOf } from "./rows.ts";

/** `[N]` scores by baseline. */
export type Baselines = Readonly<Record<string, readonly Score[]>>;

export interface BaselineInputs<Models, Improved> {
  readonly reader: Reader<Models, Improved>;
  /** Where the descent on the emulator ended; null where none was made. */
  readonly improved: Improved | null;
  /** The probe before anything was taught, and the series in its order shown to the untrained cultures. */
  readonly before: Reading;
  readonly untrained: Shown | null;
  /** The same shown to the trained ones. */
  readonly trained: Shown | null;
  /** The last probe of the descent; null where it was not run. */
  readonly reading: Reading | null;
}

/** Null where the task has no series known ahead. */
export async function scoreAllBaselines<M, I>(
  lab: Lab<M, I>,
  inputs: BaselineInputs<M, I>,
): Promise<Baselines | null> {
  const { task } = lab;
  const { reader, improved, before, untrained, trained, reading } = inputs;
  if (!task.series) return null;
  const statistical = task.series.map((series) => scoreBaselines(series));
  const names = [...(statistical[0]?.keys() ?? [])];
  return {
    ...Object.fromEntries(names.map((name) => [name, statistical.map((scores) => scores.get(name)!)])),
    // Where nothing descends on the emulator it predicts nothing.
    ...(improved === null ? {} : { emulatorAlone: await emulatorAlone(lab, reader, improved) }),
    ...(await readouts(lab, {
      ...(untrained
        ? { readoutUntrained: { stream: "trained readout", shown: untrained, probed: before } }
        : {}),
      ...(trained && reading
        ? { readoutTrained: { stream: "readout of the trained", shown: trained, probed: reading } }
        : {}),
    })),
    silentCulture: await readAgain(lab, reader, new Float32Array(before.read.length)),
    ...(reading ? { shuffledSpikes: await shuffledSpikes(lab, reader, reading) } : {}),
  };
}

/** What a readout is fitted on and probed with, and whence its chance comes. */
interface ReadOut {
  readonly stream: string;
  readonly shown: Shown;
  readonly probed: Reading;
}

async function readouts<M, I>(
  { task, seed, plan, cultures }: Lab<M, I>,
  inputs: Readonly<Record<string, ReadOut>>,
): Promise<Baselines> {
  const series = task.series ?? [];
  const N = series.length;
  const [{ protocol, channels }] = cultures.layouts;
  const window = protocol.bins * channels;
  const found: Record<string, Score[]> = {};
  if (Object.keys(inputs).length === 0) return found;
  const trainer = await openReadoutTrainer({ window, classes: task.classes }, plan.compute);
  try {
    for (const [name, { stream, shown, probed }] of Object.entries(inputs)) {
      found[name] = [];
      for (const [brain, own] of series.entries())
        found[name].push(
          await trainer.score({
            series: own,
            random: Random.of(seed, stream, ...(brain === 0 ? [] : [brain])),
            training: rowsOf(shown.read, window, brain, N),
            targets: shown.targets.filter((_, i) => i % N === brain),
            probe: rowsOf(probed.read, window, brain, N),
          }),
        );
    }
    return found;
  } finally {
    await trainer.dispose();
  }
}

/** The improved emulator on held-out data, fed with its own states: no culture takes part. */
async function emulatorAlone<M, I>(lab: Lab<M, I>, { emulator, models }: Reader<M, I>, improved: I) {
  const { task, cultures, seed } = lab;
  const places = cultures.layouts[0].roles.sensory.length;
  const data = concatenateRows(heldOut(lab).map((row) => placesOf(row, places)));
  const random = Random.of(seed, "emulator alone");
  const probabilities = await emulator.alone(models, improved, data, random);
  return scoresOrNone(task, probabilities, cultures.layouts.length);
}

/** The trained cultures' spikes, each presentation's given to another's datum. */
function shuffledSpikes<M, I>(lab: Lab<M, I>, reader: Reader<M, I>, { read, states }: Reading) {
  const order = Random.of(lab.seed, "shuffled spikes").permutation(states.steps);
  return readAgain(lab, reader, gatherRows(read, read.length / states.steps, order));
}

/** Scores of counts `[R, N, B, C]` as if they had been read after the held-out data. */
async function readAgain<M, I>(lab: Lab<M, I>, { emulator, models }: Reader<M, I>, read: Float32Array) {
  const { cultures, task } = lab;
  const { layouts } = cultures;
  const data = heldOut(lab);
  const [{ protocol, channels, roles }] = layouts;
  const window = protocol.bins * channels;
  const counts = read.slice();
  data.forEach((row, r) => {
    row.forEach((datum, brain) => {
      const at = (r * layouts.length + brain) * window;
      const pulses = pulsesOf(layouts[brain], datum, null);
      addEfference(layouts[brain], counts.subarray(at, at + window), { datum, write: null, pulses });
    });
  });
  const states: States = {
    steps: data.length,
    brains: layouts.length,
    bins: protocol.bins,
    channels,
    places: roles.sensory.length,
    counts,
    data: concatenateRows(data.map((row) => placesOf(row, roles.sensory.length))),
    written: new Float32Array(data.length * layouts.length),
  };
  const { probabilities } = await emulator.read(models, states);
  return scoresOrNone(task, probabilities, layouts.length);
}

/** `[R][N]` the held-out data. */
function heldOut<M, I>({ task, plan, cultures }: Lab<M, I>): (readonly Datum[])[] {
  const world = task.world("probe", plan.cycles, true);
  return Array.from({ length: plan.probeTrials }, () => {
    const data = world.present();
    world.advance(new Int32Array(cultures.layouts.length));
    return data;
  });
}

function scoresOrNone(task: Task, probabilities: Float32Array, brains: number): readonly Score[] {
  return scoresOf(task, probabilities, brains) ?? [];
}
