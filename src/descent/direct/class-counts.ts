/**
 * The task loss of the direct descent: the cross entropy of a softmax over what the electrodes of each class will
 * count outside the datum's own bin, in expectation over which spikes they detect.
 *
 *   p_k = softmax(gain n_k),   n_k = sum over neurons i on the electrodes of class k, of detection_i spikes_i
 */
import type { ElectrodeCoupling } from "../../device/simulated/ultrastructure.ts";
import { BINS } from "../protocol.ts";

export class ClassCounts {
  readonly #classOf: Int32Array;
  readonly #detection: Float32Array;
  readonly #K: number;

  constructor(
    { seenOn, detection }: ElectrodeCoupling,
    patterns: readonly (readonly number[])[],
    private readonly gain: number,
  ) {
    this.#K = patterns.length;
    this.#classOf = Int32Array.from(seenOn, (channel) =>
      patterns.findIndex((pattern) => pattern.includes(channel)),
    );
    this.#detection = detection;
  }

  /**
   * Loss (nats) of spikes `[BINS, N]` against the class that came; writes to `worth [BINS, N]` what one more spike of
   * each neuron in each bin would change it by. `right` tells whether most was counted for that class.
   */
  loss(spikes: Float32Array, nextClass: number, worth: Float32Array): { loss: number; right: boolean } {
    const N = this.#classOf.length;
    const counts = new Float64Array(this.#K);
    for (let bin = 1; bin < BINS; bin++)
      for (let i = 0; i < N; i++)
        if (this.#classOf[i] >= 0) counts[this.#classOf[i]] += this.#detection[i] * spikes[bin * N + i];
    const top = counts.indexOf(Math.max(...counts));
    const odds = counts.map((count) => Math.exp(this.gain * (count - counts[top])));
    const total = odds.reduce((sum, each) => sum + each, 0);
    const slope = odds.map((each, k) => this.gain * (each / total - (k === nextClass ? 1 : 0)));
    worth.fill(0);
    for (let i = 0; i < N; i++) {
      if (this.#classOf[i] < 0) continue;
      const each = slope[this.#classOf[i]] * this.#detection[i];
      for (let bin = 1; bin < BINS; bin++) worth[bin * N + i] = each;
    }
    return { loss: -Math.log(odds[nextClass] / total), right: top === nextClass };
  }
}
