/**
 * The cells of a wiring diagram, driven by events: a cell is touched when an input reaches it, and looked at only while it can still
 * reach threshold. Every spike is Brian2's (bench/wiring.ts), and leaving cells alone changes no bit: a look writes nothing, and
 * stepping all evaluates the same expression from the last input.
 *
 * Order within a step: threshold on the state of this step; a cell that fires is deaf from here on; spikes of 18 steps ago, in ascending
 * order of their cell; kicks; reset. What comes in a step is first seen by the threshold of the next.
 *
 * Whether a cell can reach threshold needs no root: the peak of a E - b E^4 (E from 1 to 0) is (3/4) a (a / 4b)^(1/3), for tau_m = 4 tau_s.
 */
import type { Connections } from "../contract.ts";
import { doubled, Looks, WHEEL } from "./looks.ts";
import { type CellModel, type Decay, decayOf, SHIU, SPAN } from "./model.ts";
import type { RowWeights } from "./weights.ts";

export interface EngineOptions {
  readonly model?: CellModel;
  /** Cells that a drive kicks: they have no refractory time. */
  readonly driven?: ArrayLike<number>;
  readonly weights?: RowWeights;
  /** Looks at every cell in every step: what leaving cells alone is compared with. */
  readonly stepsAll?: boolean;
}

/** What an engine has to be put back to. Looks are found anew. */
export interface EngineState {
  readonly now: number;
  /** `[cells, 2]`: a, b. */
  readonly modes: Float64Array;
  /** `[cells, 2]`: the step of (a, b); deaf until. */
  readonly steps: Int32Array;
  /** Spikes of the last steps, the oldest first. */
  readonly past: readonly Int32Array[];
}

/** Words of a cell beside its two doubles: 32 bytes together, so that an input touches one cache line. */
const [STEP, DEAF, LOOK, REFRACTORY] = [4, 5, 6, 7];
/** Rounding must not hide a spike. */
const MARGIN = 1 - 1e-9;
const NEVER = -1;

/** A brain in steps of `model.stepMs`: `advance` takes one, `fired` are those of the last step. */
export class Engine {
  readonly cells: number;
  /** Synaptic events so far. */
  events = 0;
  /** Cells that fired in the last step: the first `firedCount`, ascending. */
  fired = new Int32Array(1024);
  firedCount = 0;
  private now = -1;
  private readonly model: CellModel;
  private readonly decay: Decay;
  private readonly modes: Float64Array;
  private readonly words: Int32Array;
  private readonly looks = new Looks();
  private readonly looked = { cells: new Int32Array(1024) };
  private readonly past: Int32Array[];
  private readonly pastCounts: Int32Array;
  /** Below `27 a^4 / b` of this a cell cannot reach threshold any more. */
  private readonly cube: number;
  private readonly share: number;

  constructor(
    private readonly connections: Connections,
    private readonly signs: Int8Array,
    private readonly options: EngineOptions = {},
  ) {
    const { model = SHIU, driven = [] } = options;
    if (model.membraneMs !== 4 * model.synapseMs)
      throw new RangeError(
        `Engine: expected a membrane four times as slow as the synapses, got ${model.membraneMs} and ${model.synapseMs} ms`,
      );
    this.cells = signs.length;
    this.model = model;
    this.decay = decayOf(model);
    this.share = model.synapseMs / (model.membraneMs - model.synapseMs);
    this.cube = 256 * model.thresholdMv ** 3 * MARGIN;
    const store = new ArrayBuffer(32 * this.cells);
    this.modes = new Float64Array(store);
    this.words = new Int32Array(store);
    for (let cell = 0; cell < this.cells; cell++) {
      this.words[8 * cell + DEAF] = this.words[8 * cell + LOOK] = NEVER;
      this.words[8 * cell + REFRACTORY] = model.refractorySteps;
    }
    for (let i = 0; i < driven.length; i++) this.words[8 * driven[i] + REFRACTORY] = 0;
    this.past = Array.from({ length: model.delaySteps + 1 }, () => new Int32Array(64));
    this.pastCounts = new Int32Array(model.delaySteps + 1);
  }

  /** The step that was done last, -1 before the first. */
  get step(): number {
    return this.now;
  }

  /** Memory beside the wiring. */
  get bytes(): number {
    return this.modes.byteLength + this.looks.bytes + (this.options.weights?.valuesMv.byteLength ?? 0);
  }

  /** One step, with kicks for the first `count` of `kicked`. Gives the number of spikes, whose cells are in `fired`. */
  advance(kicked?: Int32Array, count = 0): number {
    this.now++;
    this.firedCount = 0;
    if (this.options.stepsAll) this.thresholdOfAll();
    else this.thresholdOfLooked();
    const { words, fired, now } = this;
    for (let i = 0; i < this.firedCount; i++) {
      const at = 8 * fired[i];
      words[at + DEAF] = now + Math.max(1, words[at + REFRACTORY]);
    }
    const due = (now + 1) % this.past.length;
    const list = this.past[due];
    for (let i = 0; i < this.pastCounts[due]; i++) this.deliver(list[i]);
    for (let i = 0; i < count; i++) this.kick(kicked![i]);
    this.reset();
    return this.firedCount;
  }

  snapshot(): EngineState {
    const { cells, now, past, pastCounts } = this;
    const modes = new Float64Array(2 * cells);
    const steps = new Int32Array(2 * cells);
    for (let cell = 0; cell < cells; cell++) {
      modes.set(this.modes.subarray(4 * cell, 4 * cell + 2), 2 * cell);
      steps.set(this.words.subarray(8 * cell + STEP, 8 * cell + DEAF + 1), 2 * cell);
    }
    const ring = (k: number) => (now + 1 + k + past.length) % past.length;
    return { now, modes, steps, past: past.map((_, k) => past[ring(k)].slice(0, pastCounts[ring(k)])) };
  }

  restore({ now, modes, steps, past }: EngineState): void {
    this.now = now;
    this.firedCount = 0;
    this.looks.clear();
    for (let cell = 0; cell < this.cells; cell++) {
      this.modes.set(modes.subarray(2 * cell, 2 * cell + 2), 4 * cell);
      this.words.set(steps.subarray(2 * cell, 2 * cell + 2), 8 * cell + STEP);
      this.words[8 * cell + LOOK] = NEVER;
      if (modes[2 * cell] > 0) this.lookSoon(cell);
    }
    past.forEach((list, k) => {
      const at = (now + 1 + k + past.length) % past.length;
      this.past[at] = list.length > 0 ? list.slice() : new Int32Array(64);
      this.pastCounts[at] = list.length;
    });
  }

  private thresholdOfAll(): void {
    const { modes, words, now, decay } = this;
    for (let cell = 0; cell < this.cells; cell++) {
      if (now < words[8 * cell + DEAF]) continue;
      const k = Math.min(SPAN - 1, now - words[8 * cell + STEP]);
      const u = modes[4 * cell] * decay.slow[k] - modes[4 * cell + 1] * decay.fast[k];
      if (k > 0 && u > this.model.thresholdMv) this.fire(cell);
    }
  }

  private thresholdOfLooked(): void {
    const { modes, words, now, decay, looked } = this;
    const count = this.looks.take(now, looked);
    for (let i = 0; i < count; i++) {
      const cell = looked.cells[i];
      if (words[8 * cell + LOOK] !== now) continue;
      words[8 * cell + LOOK] = NEVER;
      const k = Math.min(SPAN - 1, now - words[8 * cell + STEP]);
      const a = modes[4 * cell] * decay.slow[k];
      const b = modes[4 * cell + 1] * decay.fast[k];
      if (a - b > this.model.thresholdMv) this.fire(cell);
      else this.lookIn(cell, this.stepsUntil(a, b));
    }
    if (this.firedCount > 1) this.fired.subarray(0, this.firedCount).sort();
  }

  private fire(cell: number): void {
    if (this.firedCount === this.fired.length) this.fired = doubled(this.fired);
    this.fired[this.firedCount++] = cell;
  }

  /** The spike of a cell reaches its targets. No call that takes doubles stands in this loop: V8 would box them. */
  private deliver(from: number): void {
    const { offsets, targets, counts } = this.connections;
    const { words, modes, now, cube, share } = this;
    const { slow, fast } = this.decay;
    const weights = this.options.weights;
    const [start, end] = [offsets[from], offsets[from + 1]];
    this.events += end - start;
    const own = weights === undefined ? -1 : weights.starts[from];
    const unit = this.signs[from] * this.model.synapseMv;
    if (own < 0 && unit === 0) return;
    const values = weights?.valuesMv;
    for (let j = start; j < end; j++) {
      const cell = targets[j];
      const w = 8 * cell;
      if (now < words[w + DEAF]) continue;
      let k = now - words[w + STEP];
      if (k >= SPAN) k = SPAN - 1;
      const g = (own < 0 ? counts[j] * unit : values![own + j - start]) * share;
      const at = 4 * cell;
      const a = modes[at] * slow[k] + g;
      const b = modes[at + 1] * fast[k] + g;
      modes[at] = a;
      modes[at + 1] = b;
      words[w + STEP] = now;
      // Only a cell that can still rise above threshold is looked at; any that cannot is left alone.
      if (a > 0 && b > 0 && 27 * a * a * (a * a) > cube * b) this.lookSoon(cell);
    }
  }

  private kick(cell: number): void {
    const { words, modes, now, decay } = this;
    const w = 8 * cell;
    if (now < words[w + DEAF]) return;
    const k = Math.min(SPAN - 1, now - words[w + STEP]);
    modes[4 * cell] = modes[4 * cell] * decay.slow[k] + this.model.kickMv;
    modes[4 * cell + 1] *= decay.fast[k];
    words[w + STEP] = now;
    this.lookSoon(cell);
  }

  /** Sees to it that a cell is looked at in time, given its state, which may be of an earlier step. */
  private lookSoon(cell: number): void {
    const k = Math.min(SPAN - 1, Math.max(0, this.now - this.words[8 * cell + STEP]));
    const a = this.modes[4 * cell] * this.decay.slow[k];
    const b = this.modes[4 * cell + 1] * this.decay.fast[k];
    this.lookIn(cell, this.stepsUntil(a, b));
  }

  private lookIn(cell: number, ahead: number): void {
    if (ahead === 0) return;
    const at = 8 * cell + LOOK;
    const step = this.now + ahead;
    if (this.words[at] >= 0 && this.words[at] <= step) return;
    this.words[at] = step;
    this.looks.put(cell, step);
  }

  /** Steps in which the cell cannot reach threshold; 0 where it never can, from this state. */
  private stepsUntil(a: number, b: number): number {
    const { thresholdMv, stepMs, membraneMs } = this.model;
    const u = a - b;
    if (u > thresholdMv) return 1;
    if (!(a > 0 && b > 0 && a < 4 * b && 27 * a * a * (a * a) > this.cube * b)) return 0;
    // u rises by less than (4b - a) dt / tau_m a step, and its slope only falls.
    const steps = Math.floor((thresholdMv - u) / (((4 * b - a) * stepMs) / membraneMs));
    return steps < 1 ? 1 : Math.min(steps, WHEEL - 1);
  }

  private reset(): void {
    const { fired, firedCount, modes, words, now } = this;
    const ring = now % this.past.length;
    if (this.past[ring].length < firedCount) this.past[ring] = new Int32Array(2 * firedCount);
    for (let i = 0; i < firedCount; i++) {
      const cell = fired[i];
      modes[4 * cell] = modes[4 * cell + 1] = 0;
      words[8 * cell + STEP] = now;
      words[8 * cell + LOOK] = NEVER;
      this.past[ring][i] = cell;
    }
    this.pastCounts[ring] = firedCount;
  }
}
