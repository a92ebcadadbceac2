/**
 * Gradient descent on a twin: the series is presented to it as it is to the culture, and every synapse follows the
 * gradient of the task loss, within the bounds that tissue has. Adam: Kingma & Ba 2014, https://arxiv.org/abs/1412.6980
 */
import { kindOf, type TissueImage } from "../../device/simulated/image.ts";
import type { ReadingLoss } from "../../emulator/contract.ts";
import type { Random } from "../../math/random.ts";
import { addEfference, type Layout, pulsesOf } from "../../protocol/layout.ts";
import type { Lesson } from "../lessons.ts";
import { Twin } from "../twin/twin.ts";
import { TwinTrials } from "./twin-trial.ts";
import { trialSteps } from "./window.ts";

export interface DirectOptions {
  /** Presentations per step of the optimiser. */
  readonly batch: number;
  /** Step of a synapse at the first lesson and at the last, as a share of the strongest of its kind. */
  readonly learningRate: readonly [number, number];
  readonly widthMv: number;
}

export const DIRECT: DirectOptions = { batch: 16, learningRate: [0.3, 0], widthMv: 10 };

export interface DirectResult {
  /** Signed strength of every synapse, in the table's order. */
  readonly strength: Float32Array;
  /** Over the last quarter of the lessons: mean loss (nats), and share that the twin had right before it learned from them. */
  readonly loss: number;
  readonly accuracy: number;
}

/** Steps between two askings of the backward pass: 2 ms. */
const STRIDE = 5;

/** What is descended on. */
export interface TwinSubject {
  readonly image: TissueImage;
  readonly layout: Layout;
  readonly reading: ReadingLoss;
  /** To go on with the optimiser of an earlier call: all steps together are then one descent. Changed. */
  readonly moments: Moments;
  readonly onLesson?: () => void;
}

export async function descendOnTwin(
  { image: tissue, layout, reading, moments, onLesson }: TwinSubject,
  lessons: readonly Lesson[],
  options: DirectOptions,
  random: Random,
): Promise<DirectResult> {
  const { synapses, coupling, parameters, bounds } = tissue;
  const { excitatoryCount } = tissue.anatomy;
  const trial = trialSteps(layout, parameters.stepFrames);
  const { bins } = layout.protocol;
  const twin = new Twin(tissue, {
    binOf: trial.binOf,
    windows: trial.volleys.length,
    widthMv: options.widthMv,
    detachReset: true,
    stride: STRIDE,
  });
  twin.reseed(Uint32Array.from({ length: 16 }, () => random.bits()));
  const trials = new TwinTrials(twin, tissue, layout, random.bits());
  const bound = Float32Array.from(twin.synapse, (k) => bounds[kindOf(tissue, k)]);
  const adam = new BoundedAdam(twin.weight, twin.gradient, bound, moments);
  const worthOfSpikes = new Float32Array(bins * twin.neurons);

  const learn = async ({ datum, channels: context, nextClass }: Lesson) => {
    const counts = trials.present(context);
    const delivered = { datum, write: null, pulses: pulsesOf(layout, datum, null) };
    const state = addEfference(layout, counts.slice(), delivered);
    const result = await reading.of(counts, state, nextClass, random);
    const channels = counts.length / bins;
    coupling.seenOn.forEach((channel, i) => {
      for (let bin = 0; bin < bins; bin++)
        worthOfSpikes[bin * twin.neurons + i] =
          channel < 0 ? 0 : result.worth[bin * channels + channel] * coupling.detection[i];
    });
    twin.backward(worthOfSpikes);
    return result;
  };

  const [first, last] = options.learningRate;
  const late = lessons.length - Math.floor(0.75 * lessons.length);
  let [loss, right] = [0, 0];
  for (const [n, lesson] of lessons.entries()) {
    const each = await learn(lesson);
    if (n >= lessons.length - late) {
      loss += each.loss / late;
      if (each.right) right++;
    }
    if ((n + 1) % options.batch === 0 || n + 1 === lessons.length)
      adam.step(first + ((last - first) * n) / lessons.length, (n % options.batch) + 1);
    onLesson?.();
  }
  const strength = synapses.strength.slice();
  twin.synapse.forEach((k, at) => {
    strength[k] = synapses.pre[k] < excitatoryCount ? twin.weight[at] : -twin.weight[at];
  });
  return { strength, loss, accuracy: right / late };
}

/** What the optimiser remembers: running means of the gradients and of their squares. */
export interface Moments {
  readonly first: Float64Array;
  readonly second: Float64Array;
  steps: number;
}

export function blankMoments(synapses: number): Moments {
  return { first: new Float64Array(synapses), second: new Float64Array(synapses), steps: 0 };
}

/**
 * Root mean squares of all synapses' gradients that are added to each one's own. Without them Adam moves every synapse
 * alike, and the many that the task has nothing to say to go astray.
 */
const DAMPING = 10;

/** Adam on magnitudes in [0, bound], its rate in units of the bound. */
class BoundedAdam {
  constructor(
    private readonly weight: Float32Array,
    private readonly gradient: Float32Array,
    private readonly bound: Float32Array,
    private readonly moments: Moments,
  ) {}

  /** Takes a step of size `rate` along the mean of `count` gradients, and clears them. */
  step(rate: number, count: number): void {
    const [b1, b2] = [0.9, 0.99];
    const { first, second } = this.moments;
    const steps = ++this.moments.steps;
    let squares = 0;
    for (let k = 0; k < this.weight.length; k++) {
      // In units of the bound, so that kinds of synapse which differ in strength move alike.
      const g = (this.gradient[k] / count) * this.bound[k];
      this.gradient[k] = 0;
      first[k] = b1 * first[k] + (1 - b1) * g;
      second[k] = b2 * second[k] + (1 - b2) * g * g;
      squares += second[k];
    }
    const correct1 = 1 - b1 ** steps;
    const correct2 = 1 - b2 ** steps;
    const damping = DAMPING * Math.sqrt(squares / this.weight.length / correct2) + 1e-5;
    for (let k = 0; k < this.weight.length; k++) {
      const move = (rate * (first[k] / correct1)) / (Math.sqrt(second[k] / correct2) + damping);
      const w = this.weight[k] - move * this.bound[k];
      this.weight[k] = w < 0 ? 0 : w > this.bound[k] ? this.bound[k] : w;
    }
  }
}
