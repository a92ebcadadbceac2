/**
 * The predictive model of the incremental descent: how many spikes each prediction electrode answers a datum with,
 * given the pathways z as they were read. A Poisson model, fitted on recordings of whatever the pathways were then:
 *
 *   n_e ~ Poisson(softplus(b_e + sum over places s of the datum of (g z_se + u_se)))
 *
 * g says what drive is worth, u what the reading of z does not explain (kept small by a ridge). Legend: S places,
 * E prediction electrodes.
 */

import { logistic, softplus } from "../logistic.ts";

/** A datum shown and what was answered. */
export interface Observation {
  readonly places: readonly number[];
  /** Spikes on each prediction electrode, `[E]`. */
  readonly counts: Float32Array;
  /** Pathways as read at the time, `[S * E]`. */
  readonly z: Float64Array;
}

export interface ResponseModel {
  readonly electrodes: number;
  readonly gain: number;
  readonly bias: Float64Array;
  readonly residual: Float64Array;
}

const FIRST_GAIN = 2;
const RIDGE = 0.02;
const EPOCHS = 60;
const RATE = 0.05;

/** Each electrode's drive, before the softplus. */
export function driveOf(model: ResponseModel, places: readonly number[], z: Float64Array, e: number): number {
  let x = model.bias[e];
  for (const s of places) {
    const p = s * model.electrodes + e;
    x += model.gain * z[p] + model.residual[p];
  }
  return x;
}

/** Fits the model by RMSprop over the observations, one after the other, always from the same start. */
export function fitResponses(
  observations: readonly Observation[],
  pathways: number,
  electrodes: number,
): ResponseModel {
  const bias = new Float64Array(electrodes);
  const residual = new Float64Array(pathways);
  const seen = { bias: new Float64Array(electrodes), residual: new Float64Array(pathways), gain: 0 };
  let gain = FIRST_GAIN;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const rate = RATE * (1 - epoch / EPOCHS);
    for (const { places, counts, z } of observations) {
      let slopeOfGain = 0;
      for (let e = 0; e < electrodes; e++) {
        const x = driveOf({ electrodes, gain, bias, residual }, places, z, e);
        // d/dx of softplus(x) - n log softplus(x).
        const slope = logistic(x) * (1 - counts[e] / Math.max(softplus(x), 0.05));
        bias[e] -= rate * normalised(seen.bias, e, slope);
        for (const s of places) {
          const p = s * electrodes + e;
          slopeOfGain += slope * z[p];
          residual[p] -= rate * normalised(seen.residual, p, slope + RIDGE * residual[p]);
        }
      }
      seen.gain = 0.99 * seen.gain + 0.01 * slopeOfGain ** 2;
      gain -= (0.2 * rate * slopeOfGain) / (Math.sqrt(seen.gain) + 1e-6);
      if (gain < 0.1) gain = 0.1;
    }
  }
  return { electrodes, gain, bias, residual };
}

/** The slope over its running root mean square. */
function normalised(squares: Float64Array, at: number, slope: number): number {
  squares[at] = squares[at] === 0 ? slope * slope : 0.99 * squares[at] + 0.01 * slope * slope;
  return slope / (Math.sqrt(squares[at]) + 1e-2);
}

export interface Lesson {
  readonly places: readonly number[];
  readonly nextClass: number;
}

/** Where the descent begins, and how far each pathway may go. */
export interface PathwayStart {
  readonly model: ResponseModel;
  readonly z: Float64Array;
  readonly reach: Float64Array;
}

/** The class that each prediction electrode belongs to, -1 for none. */
export interface ElectrodeClasses {
  readonly classOf: readonly number[];
  readonly classes: number;
}

/**
 * Descends on z through the model: the cross entropy of softmax(n_k), n_k the expected spikes of each class, over the
 * lessons; z stays within `reach` of where it is and above 0. Returns the change of z, and the mean loss (nats).
 */
export function descendOnPathways(
  { model, z, reach }: PathwayStart,
  { classOf, classes }: ElectrodeClasses,
  lessons: readonly Lesson[],
): { change: Float64Array; loss: number } {
  const [epochs, rate] = [40, 0.05];
  const at = z.slice();
  const gradient = new Float64Array(z.length);
  const squares = new Float64Array(z.length);
  const E = model.electrodes;
  let loss = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    gradient.fill(0);
    loss = 0;
    for (const { places, nextClass } of lessons) {
      const drive = Float64Array.from({ length: E }, (_, e) => driveOf(model, places, at, e));
      const expected = new Float64Array(classes);
      for (let e = 0; e < E; e++) if (classOf[e] >= 0) expected[classOf[e]] += softplus(drive[e]);
      const top = Math.max(...expected);
      const odds = expected.map((n) => Math.exp(n - top));
      const total = odds.reduce((sum, each) => sum + each, 0);
      loss -= Math.log(odds[nextClass] / total) / lessons.length;
      for (let e = 0; e < E; e++) {
        if (classOf[e] < 0) continue;
        const slope = (odds[classOf[e]] / total - (classOf[e] === nextClass ? 1 : 0)) * logistic(drive[e]);
        for (const s of places) gradient[s * E + e] += (slope * model.gain) / lessons.length;
      }
    }
    for (let p = 0; p < z.length; p++) {
      squares[p] = Math.max(0.9 * squares[p], gradient[p] ** 2);
      const step = (rate * reach[p] * 4 * gradient[p]) / (Math.sqrt(squares[p]) + 1e-5);
      const low = Math.max(0, z[p] - reach[p]);
      at[p] = Math.min(z[p] + reach[p], Math.max(low, at[p] - step));
    }
  }
  return { change: at.map((value, p) => value - z[p]), loss };
}
