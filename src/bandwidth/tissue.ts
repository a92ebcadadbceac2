/**
 * The tissue of the experiment, seen whole: a simulated culture with an ideal electrode on every cell beside the 64 that
 * stimulate, and data presented to it in random order, each as in training (src/protocol); nothing is learned meanwhile. Every pulse passes the safety gate.
 */
import { openDevice } from "../device/gate/open.ts";
import { quietCulture } from "../device/protocols/quieting.ts";
import { simulatedProfile } from "../device/simulated/array.ts";
import { growSimulated } from "../device/simulated/grow.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { Random } from "../math/random.ts";
import type { TissueActivity } from "../modality/activity.ts";
import { framesOf, STANDARD_PROTOCOL } from "../protocol/protocol.ts";

export const CLASSES = 32;
export const TRIALS_PER_SECOND = 1000 / STANDARD_PROTOCOL.presentationMs;
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
  const driver = growSimulated({ preset: "default", seed, div, neurons, idealElectrodes: true });
  const { profile } = driver;
  const { anatomy } = driver.simulated.readTissue();
  const { electrodes } = simulatedProfile;
  const device = openDevice(driver);
  try {
    await quietCulture(device, { seed });
    const contexts = contextsOf(seed);
    const random = Random.of(seed, "bandwidth", "labels");
    const labels = Uint8Array.from({ length: trials }, () => random.integer(CLASSES));
    const { presentation, volleys } = framesOf(STANDARD_PROTOCOL, profile.framesPerSecond);
    const begin = device.now();
    const seconds: number[] = [];
    const cells: number[] = [];
    const stimuli: number[] = [];
    for (const [trial, label] of labels.entries()) {
      signal?.throwIfAborted();
      const start = device.now();
      const pulses = volleys.flatMap((volley) =>
        pulsesFor(contexts[label], 1, start + volley, simulatedProfile),
      );
      await device.stimulate(pulses);
      for (const ms of STANDARD_PROTOCOL.volleysMs)
        stimuli.push((start - begin) / profile.framesPerSecond + ms / 1000);
      const spikes = await device.read(start + presentation);
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

/** Electrodes for each class; they serve several classes, no two classes the same ones. */
function contextsOf(seed: number): number[][] {
  const random = Random.of(seed, "bandwidth", "contexts");
  const chosen = new Map<string, number[]>();
  while (chosen.size < CLASSES) {
    const context = random
      .permutation(simulatedProfile.electrodes.length)
      .slice(0, STANDARD_PROTOCOL.contextSize);
    chosen.set(context.toSorted((a, b) => a - b).join(), context);
  }
  return [...chosen.values()];
}
