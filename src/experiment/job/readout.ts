/** A readout trained in silicon on what a culture answers: of an untrained culture, what a fixed reservoir reaches. */
import { type ComputeDevice, type Tensor, tensor, trainStep } from "../../compute/index.ts";
import { type Array as JaxArray, nn } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { gatherRows } from "../../math/rows.ts";
import { type Linear, linear } from "../../networks/layers.ts";
import { type Score, scorePrediction } from "../../tasks/measures/score.ts";
import type { CodedSeries } from "../../tasks/series/contract.ts";

const STEPS = 300;
const BATCH = 128;

export interface ReadoutInputs {
  readonly series: CodedSeries;
  readonly random: Random;
  /** Counts `[R, B C]` as read, and the class that followed each. */
  readonly training: Float32Array;
  readonly targets: Int32Array;
  /** Counts of the probe. */
  readonly probe: Float32Array;
}

export interface ReadoutShape {
  /** Counts of a presentation, `B C`, and classes. */
  readonly window: number;
  readonly classes: number;
}

/** Fits one readout after the other by one compiled program. */
export interface ReadoutTrainer {
  score(inputs: ReadoutInputs): Promise<Score>;
  dispose(): Promise<void>;
}

/**
 * Multinomial logistic regression from a culture's spikes to the next class, fitted on the ordered series. Of an untrained
 * culture it says nothing of learning; of the trained one, what its answers still hold that the fixed bridge does not read.
 */
export async function openReadoutTrainer(
  { window, classes: K }: ReadoutShape,
  compute: ComputeDevice,
): Promise<ReadoutTrainer> {
  const features = (read: Float32Array) => read.map((count) => Math.sqrt(count));
  const zeros = (...shape: number[]) => tensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
  const untrained = { weight: zeros(window, K), bias: zeros(K) };
  const step = await trainStep({
    loss: (p: Linear<JaxArray>, batch: { input: JaxArray; target: JaxArray }) =>
      nn.logSoftmax(linear(p, batch.input), -1).mul(batch.target).sum(-1).mean().neg(),
    params: untrained,
    batch: { input: zeros(BATCH, window), target: zeros(BATCH, K) },
    optimiser: { weightDecay: 1 },
    device: compute,
  });
  return {
    async score({ series, random, training, targets, probe }) {
      const rows = features(training);
      step.restart(untrained);
      for (let i = 0; i < STEPS; i++) {
        const picked = Array.from({ length: BATCH }, () => random.integer(targets.length));
        const target = new Float32Array(BATCH * K);
        picked.forEach((row, n) => {
          target[n * K + targets[row]] = 1;
        });
        const input = tensor([BATCH, window], gatherRows(rows, window, picked));
        await step.run({ input, target: tensor([BATCH, K], target) }, { learningRate: 0.01 });
      }
      return scorePrediction(series, {
        probabilities: softmaxReadout(step.params(), features(probe), K),
      });
    },
    dispose: () => step.dispose(),
  };
}

/** Probabilities `[N, K]` of inputs `[N, width]`. */
function softmaxReadout({ weight, bias }: Linear<Tensor>, inputs: Float32Array, K: number): Float64Array {
  const width = weight.data.length / K;
  const N = inputs.length / width;
  const out = new Float64Array(N * K);
  for (let n = 0; n < N; n++) {
    const logits = Float64Array.from({ length: K }, (_, k) => {
      let sum = bias.data[k];
      for (let i = 0; i < width; i++) sum += inputs[n * width + i] * weight.data[i * K + k];
      return sum;
    });
    const top = Math.max(...logits);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
    for (let k = 0; k < K; k++) out[n * K + k] = Math.exp(logits[k] - top) / total;
  }
  return out;
}
