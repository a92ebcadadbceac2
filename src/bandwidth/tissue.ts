/**
 * The tissue of the experiment, seen whole: a simulated culture with an ideal electrode on every cell beside the 64 that
 * stimulate, and data presented to it in random order. A datum is pulsed on its three electrodes at 0, 25 and 50 ms of
 * each 100 ms, as in training; nothing is learned meanwhile. Every pulse passes the safety gate.
 */
import { Culture } from "../culture/culture.ts";
import { growCulture } from "../culture/presets.ts";
import type { StimulableProfile } from "../device/contract.ts";
import { openDevice } from "../device/gate/open.ts";
import { quietCulture } from "../device/protocols/quieting.ts";
import { simulatedProfile } from "../device/simulated/array.ts";
import { SimulatedMea } from "../device/simulated/driver.ts";
import { simulatedMeaDefaults } from "../device/simulated/parameters.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { Random } from "../math/random.ts";
import type { TissueActivity } from "../modality/activity.ts";

export const CLASSES = 32;
export const TRIALS_PER_SECOND = 10;
/** Electrodes of a datum. */
const PULSED = 3;
const VOLLEYS_MS = [0, 25, 50];
const SIDE_MM = 1.6;

export interface TissueOptions {
  readonly seed: number;
  readonly trials: number;
  readonly div: number;
  readonly neurons: number;
  readonly onTrial?: (done: number) => void;
  readonly signal?: AbortSignal;
}

export interface PresentedTissue {
  readonly activity: TissueActivity;
  /** The class of each presentation. */
  readonly labels: Uint8Array;
}

export async function presentToTissue({
  seed,
  trials,
  div,
  neurons,
  onTrial,
  signal,
}: TissueOptions): Promise<PresentedTissue> {
  const { anatomy, parameters } = growCulture({ preset: "default", seed, div, neurons });
  const culture = new Culture(anatomy, parameters, seed);
  const { electrodes } = simulatedProfile;
  const profile: StimulableProfile = {
    ...simulatedProfile,
    name: "simulated MEA 8x8 with an ideal electrode on every cell",
    electrodes: [
      ...electrodes,
      ...Array.from({ length: culture.neurons }, (_, cell) => ({
        channel: electrodes.length + cell,
        xUm: 1000 * anatomy.positionsMm[2 * cell],
        yUm: 1000 * anatomy.positionsMm[2 * cell + 1],
        areaUm2: 1,
        material: "unknown" as const, // never stimulated
      })),
    ],
    reservedChannels: Array.from({ length: culture.neurons }, (_, cell) => electrodes.length + cell),
  };
  const detection = {
    ...simulatedMeaDefaults.detection,
    probability: 1,
    noiseHz: 0,
    deadTimeUs: 0,
    blankingUs: 0,
  };
  const driver = new SimulatedMea(culture, {
    seed,
    profile,
    parameters: { ...simulatedMeaDefaults, detection },
  });
  const device = openDevice(driver);
  try {
    await quietCulture(device, { seed });
    const contexts = contextsOf(seed);
    const random = Random.of(seed, "bandwidth", "labels");
    const labels = Uint8Array.from({ length: trials }, () => random.integer(CLASSES));
    const trialFrames = profile.framesPerSecond / TRIALS_PER_SECOND;
    const begin = device.now();
    const seconds: number[] = [];
    const cells: number[] = [];
    const stimuli: number[] = [];
    for (const [trial, label] of labels.entries()) {
      signal?.throwIfAborted();
      const start = device.now();
      const pulses = VOLLEYS_MS.flatMap((ms) =>
        pulsesFor(contexts[label], 1, start + (ms * profile.framesPerSecond) / 1000, simulatedProfile),
      );
      await device.stimulate(pulses);
      for (const ms of VOLLEYS_MS) stimuli.push((start - begin) / profile.framesPerSecond + ms / 1000);
      const spikes = await device.read(start + trialFrames);
      for (let i = 0; i < spikes.frames.length; i++) {
        if (spikes.channels[i] < electrodes.length) continue;
        seconds.push((spikes.frames[i] - begin) / profile.framesPerSecond);
        cells.push(spikes.channels[i] - electrodes.length);
      }
      onTrial?.(trial + 1);
    }
    return {
      labels,
      activity: {
        seconds: trials / TRIALS_PER_SECOND,
        spikeSeconds: Float64Array.from(seconds),
        spikeCells: Uint16Array.from(cells),
        stimulusSeconds: Float64Array.from(stimuli),
        positionsMm: anatomy.positionsMm,
        sideMm: SIDE_MM,
        excitatoryCount: anatomy.excitatoryCount,
        synapses: anatomy.synapses,
      },
    };
  } finally {
    await device.close();
  }
}

/** Three electrodes for each class; electrodes serve several classes, no two classes the same three. */
function contextsOf(seed: number): number[][] {
  const random = Random.of(seed, "bandwidth", "contexts");
  const chosen = new Map<string, number[]>();
  while (chosen.size < CLASSES) {
    const context = random.permutation(simulatedProfile.electrodes.length).slice(0, PULSED);
    chosen.set(context.toSorted((a, b) => a - b).join(), context);
  }
  return [...chosen.values()];
}
