/**
 * Sparse Poisson factorisation, learned a batch at a time: expected statistics are forgotten at a falling rate and the
 * dictionary is what maximises them (online EM, Cappe & Moulines 2009, https://doi.org/10.1111/j.1467-9868.2009.00698.x):
 *
 *   S <- (1 - f) S + f W * (a' (y / rate)) / N,   W = S / row sums,   b <- (1 - f) b + f b * mean(y / rate)
 *
 * It begins with more features than are wanted, at windows of the data. In the first part the lesser of two that have become alike, and
 * any that is hardly used, begins anew at what a badly explained window leaves over; then those of least worth (worth.ts) go, a few at a time.
 */
import { Random } from "../../math/random.ts";
import type { Dictionary, Learner, LearnerState, Method } from "../contract.ts";
import { dictionaryOf } from "../dictionary.ts";
import type { Windows } from "../windows/windows.ts";
import { redundantRows } from "./alike.ts";
import { SparseCoder } from "./coder.ts";
import type { EmSettings } from "./settings.ts";
import { addWorth } from "./worth.ts";

const CHANGE_EVERY = 10;
const LEAST_USE = 0.05;
const LEAST_AGE = 30;
const LEAST_RATE = 1e-4;
/** Batches that tell what features are worth. */
const WORTH_BATCHES = 2;

export class EmLearner implements Learner {
  private readonly coder: SparseCoder;
  private step = 0;
  private random: Random;
  /** S `[F, length]`; by feature the running share of windows in which it lives (-1: not known yet), its steps so far, whether it is gone. */
  private readonly sums: Float32Array;
  private readonly use: Float32Array;
  private readonly age: Float32Array;
  private readonly gone: Float32Array;
  private readonly picked: Uint32Array;
  private readonly F: number;

  constructor(
    private readonly method: Method,
    private readonly windows: Windows,
    private readonly features: number,
    private readonly settings: EmSettings & { readonly seed: number },
  ) {
    const { batch, spare, seed } = settings;
    const F = (this.F = Math.max(features, Math.round(features * spare)));
    this.coder = new SparseCoder(windows.width, F, batch);
    this.sums = new Float32Array(F * this.coder.length);
    [this.use, this.age, this.gone] = Array.from({ length: 3 }, () => new Float32Array(F));
    this.picked = new Uint32Array(batch);
    this.random = Random.of(seed, "features", method);
    this.begin();
  }

  get done(): number {
    return this.step;
  }

  get total(): number {
    return this.settings.steps;
  }

  private begin(): void {
    const { coder, windows, random } = this;
    const { counts, length, background, batch } = coder;
    this.draw();
    const mean = new Float64Array(windows.width);
    for (let n = 0; n < batch; n++)
      for (let d = 0; d < windows.width; d++) mean[d] += counts[n * length + d] / batch;
    for (let d = 0; d < windows.width; d++) background[d] = Math.max(LEAST_RATE, 0.1 * mean[d]);
    const { start } = this.settings;
    for (let k = 0; k < this.F; k++) {
      const from = random.integer(batch) * length;
      if (start) {
        this.beginFeature(k, (d) => start[k * windows.width + d] + 1e-6);
        continue;
      }
      this.beginFeature(k, (d) => counts[from + d] + 0.1 * mean[d] + 1e-3);
    }
  }

  private beginFeature(k: number, value: (d: number) => number): void {
    const { length, width } = this.coder;
    let total = 0;
    for (let d = 0; d < width; d++) total += value(d);
    for (let d = 0; d < width; d++) this.sums[k * length + d] = value(d) / total;
    this.age[k] = 0;
    this.use[k] = -1;
    this.settle(k);
  }

  /** W of feature k from S. */
  private settle(k: number): void {
    const { dictionary, length, width } = this.coder;
    let total = 0;
    for (let d = 0; d < width; d++) total += this.sums[k * length + d];
    const factor = total > 0 ? 1 / total : 0;
    for (let d = 0; d < width; d++) dictionary[k * length + d] = this.sums[k * length + d] * factor;
  }

  private draw(): void {
    for (let n = 0; n < this.picked.length; n++) this.picked[n] = this.random.integer(this.windows.count);
    this.windows.read(this.picked, this.coder.counts, this.coder.length);
  }

  private threshold(): number {
    const { threshold, firstThreshold, steps } = this.settings;
    return firstThreshold + (threshold - firstThreshold) * Math.min(1, this.step / (0.5 * steps));
  }

  advance(): void {
    const { coder, settings, use, age, sums } = this;
    const { batch, length, width, dictionary, background, gain, backgroundGain } = coder;
    this.draw();
    coder.infer(batch, { rounds: settings.rounds, threshold: this.threshold() }, true);
    for (let k = 0; k < this.F; k++) {
      if (this.gone[k]) continue;
      const f = Math.max(settings.forget, (1 + age[k]++) ** -0.6);
      const seen = coder.use[k] / batch;
      use[k] = use[k] < 0 ? seen : use[k] + f * (seen - use[k]);
      for (let at = k * length; at < k * length + width; at++)
        sums[at] += f * ((dictionary[at] * gain[at]) / batch - sums[at]);
      this.settle(k);
    }
    const f = Math.max(settings.forget, (1 + this.step) ** -0.6);
    for (let d = 0; d < width; d++)
      background[d] = Math.max(LEAST_RATE, background[d] * (1 + f * (backgroundGain[d] / batch - 1)));
    this.step++;
    if (this.step % CHANGE_EVERY !== 0 && this.step < settings.steps) return;
    const share = this.step / settings.steps;
    if (share <= settings.pruneFrom) this.restart();
    else this.prune((share - settings.pruneFrom) / (settings.pruneTo - settings.pruneFrom));
  }

  private restart(): void {
    const { coder, use } = this;
    const { length, width, counts, dictionary, background, codes, surprise } = coder;
    const least = LEAST_USE * use.toSorted()[this.F >> 1];
    const again = redundantRows(
      { values: dictionary, rows: this.F, width, length },
      this.settings.alike,
      use,
    );
    for (let k = 0; k < this.F; k++) if (use[k] < least && this.age[k] > LEAST_AGE) again.add(k);
    if (again.size === 0) return;
    const worst = Array.from(this.picked, (_, n) => n).sort((a, b) => surprise[b] - surprise[a]);
    const rest = new Float64Array(width);
    for (const [i, k] of [...again].sort((a, b) => a - b).entries()) {
      const n = worst[i % worst.length];
      for (let d = 0; d < width; d++) rest[d] = counts[n * length + d] - background[d];
      for (let j = 0; j < this.F; j++) {
        const a = codes[n * this.F + j];
        if (a > 0) for (let d = 0; d < width; d++) rest[d] -= a * dictionary[j * length + d];
      }
      this.beginFeature(k, (d) => Math.max(0, rest[d]) + 1e-2);
    }
  }

  /** `share` 0: all may stay; 1: only as many as are wanted. */
  private prune(share: number): void {
    const { coder, F, gone, settings } = this;
    const there = gone.reduce((sum, is) => sum + (is ? 0 : 1), 0);
    const goal = Math.round(F - (F - this.features) * Math.min(1, share));
    if (there <= goal) return;
    const worth = { sum: new Float64Array(F), count: new Float64Array(F) };
    for (let b = 0; b < WORTH_BATCHES; b++) {
      this.draw();
      coder.infer(coder.batch, { rounds: settings.rounds, threshold: this.threshold() });
      addWorth(coder, coder.batch, worth);
    }
    const mean = worth.sum.map((sum, k) => sum / Math.max(1, worth.count[k]));
    const order = [...mean.keys()].filter((k) => !gone[k]).sort((a, b) => mean[a] - mean[b]);
    for (const k of order.slice(0, there - goal)) {
      gone[k] = 1;
      this.sums.fill(0, k * coder.length, (k + 1) * coder.length);
      this.settle(k);
    }
  }

  state(): LearnerState {
    const { key, counter } = this.random.state();
    const { sums, use, age, gone } = this;
    const [key0, key1] = key.map((word) => word >>> 0);
    return {
      numbers: { step: this.step, key0, key1, counter },
      arrays: { sums, use, age, gone, background: this.coder.background },
    };
  }

  resume({ numbers, arrays }: LearnerState): void {
    this.step = numbers["step"];
    this.random = Random.resume({
      key: [numbers["key0"] | 0, numbers["key1"] | 0],
      counter: numbers["counter"],
    });
    for (const name of ["sums", "use", "age", "gone"] as const) this[name].set(arrays[name]);
    this.coder.background.set(arrays["background"]);
    for (let k = 0; k < this.F; k++) this.settle(k);
  }

  dictionary(): Dictionary {
    const { coder, features, windows, settings, gone } = this;
    const D = windows.width;
    // Begun at a given dictionary, features keep their numbers.
    const order = Array.from({ length: this.F }, (_, k) => k)
      .filter((k) => !gone[k])
      .sort((a, b) => (settings.start ? a - b : this.use[b] - this.use[a]))
      .slice(0, features);
    const dictionary = new Float32Array(features * D);
    for (const [i, k] of order.entries())
      dictionary.set(coder.dictionary.subarray(k * coder.length, k * coder.length + D), i * D);
    return dictionaryOf(
      this.method,
      {
        kind: "poisson",
        dictionary,
        background: coder.background.slice(0, D),
        threshold: settings.threshold,
        rounds: settings.roundsInUse,
      },
      D,
    );
  }
}
