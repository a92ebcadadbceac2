/**
 * Ridge regression of many numbers on the same inputs: as fitRidge of math, one factorisation for all of them.
 *
 * Legend: T rows, D inputs, O outputs.
 */
import { choleskyFactor, substitute } from "../../math/linear.ts";

export interface RidgeMap {
  /** `[O, D]` */
  readonly weights: Float64Array;
  readonly inputMean: Float64Array;
  readonly outputMean: Float64Array;
}

/** Penalty: `ridge` times each input's variance. `inputs [T, D]`, `outputs [T, O]`. */
export function fitRidgeMap(
  inputs: Float32Array,
  outputs: Float32Array,
  { rows: T, ridge }: { rows: number; ridge: number },
): RidgeMap {
  const [D, O] = [inputs.length / T, outputs.length / T];
  const inputMean = columnMeans(inputs, T, D);
  const outputMean = columnMeans(outputs, T, O);
  const gram = new Float64Array(D * D);
  const cross = new Float64Array(O * D);
  const x = new Float64Array(D);
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < D; i++) x[i] = inputs[t * D + i] - inputMean[i];
    for (let i = 0; i < D; i++) {
      if (x[i] === 0) continue;
      for (let j = 0; j <= i; j++) gram[i * D + j] += x[i] * x[j];
    }
    for (let o = 0; o < O; o++) {
      const y = outputs[t * O + o] - outputMean[o];
      for (let i = 0; i < D; i++) cross[o * D + i] += x[i] * y;
    }
  }
  for (let i = 0; i < D; i++) {
    for (let j = 0; j < i; j++) gram[j * D + i] = gram[i * D + j];
    gram[i * D + i] = gram[i * D + i] === 0 ? 1 : gram[i * D + i] * (1 + ridge);
  }
  const factor = choleskyFactor(gram, D);
  const weights = new Float64Array(O * D);
  for (let o = 0; o < O; o++) weights.set(substitute(factor, cross.subarray(o * D, (o + 1) * D)), o * D);
  return { weights, inputMean, outputMean };
}

/** `[T, D]` -> `[T, O]` */
export function applyRidgeMap(
  { weights, inputMean, outputMean }: RidgeMap,
  inputs: Float32Array,
): Float32Array {
  const [D, O] = [inputMean.length, outputMean.length];
  const T = inputs.length / D;
  const out = new Float32Array(T * O);
  for (let t = 0; t < T; t++)
    for (let o = 0; o < O; o++) {
      let sum = outputMean[o];
      for (let i = 0; i < D; i++) sum += weights[o * D + i] * (inputs[t * D + i] - inputMean[i]);
      out[t * O + o] = sum;
    }
  return out;
}

function columnMeans(matrix: Float32Array, rows: number, columns: number): Float64Array {
  const means = new Float64Array(columns);
  for (let t = 0; t < rows; t++) for (let j = 0; j < columns; j++) means[j] += matrix[t * columns + j] / rows;
  return means;
}
