/** Ridge regression of many targets at once: one factorisation of the inputs' covariance serves all. */

export interface Ridges {
  readonly inputs: number;
  readonly targets: number;
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  readonly offset: Float64Array;
  /** `[inputs, targets]`, of standardised inputs. */
  readonly weights: Float64Array;
}

/** What a grid of penalties shares. */
export class RidgeProblem {
  private readonly centre: Float64Array;
  private readonly scale: Float64Array;
  private readonly offset: Float64Array;
  private readonly gram: Float64Array;
  private readonly cross: Float64Array;
  private readonly rows: number;

  /** @param x `[T, D]` @param y `[T, K]` */
  constructor(
    x: Float32Array | Float64Array,
    private readonly D: number,
    y: Float64Array,
    private readonly K: number,
  ) {
    const T = (this.rows = x.length / D);
    this.centre = new Float64Array(D);
    this.scale = new Float64Array(D);
    this.offset = new Float64Array(K);
    for (let t = 0; t < T; t++) {
      for (let i = 0; i < D; i++) this.centre[i] += x[t * D + i] / T;
      for (let k = 0; k < K; k++) this.offset[k] += y[t * K + k] / T;
    }
    for (let t = 0; t < T; t++)
      for (let i = 0; i < D; i++) this.scale[i] += (x[t * D + i] - this.centre[i]) ** 2 / T;
    for (let i = 0; i < D; i++) this.scale[i] = 1 / Math.max(1e-9, Math.sqrt(this.scale[i]));
    this.gram = new Float64Array(D * D);
    this.cross = new Float64Array(D * K);
    const row = new Float64Array(D);
    for (let t = 0; t < T; t++) {
      for (let i = 0; i < D; i++) row[i] = (x[t * D + i] - this.centre[i]) * this.scale[i];
      for (let i = 0; i < D; i++) {
        const value = row[i];
        if (value === 0) continue;
        for (let j = 0; j <= i; j++) this.gram[i * D + j] += value * row[j];
        for (let k = 0; k < K; k++) this.cross[i * K + k] += value * (y[t * K + k] - this.offset[k]);
      }
    }
  }

  /** The fit with a penalty of `ridge` per row and standardised weight. */
  solve(ridge: number): Ridges {
    const { D, K } = this;
    const factor = this.gram.slice();
    for (let i = 0; i < D; i++) {
      factor[i * D + i] += ridge * this.rows;
      for (let j = 0; j <= i; j++) {
        let sum = factor[i * D + j];
        for (let k = 0; k < j; k++) sum -= factor[i * D + k] * factor[j * D + k];
        factor[i * D + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / factor[j * D + j];
      }
    }
    const w = this.cross.slice();
    for (let k = 0; k < K; k++) {
      for (let i = 0; i < D; i++) {
        for (let j = 0; j < i; j++) w[i * K + k] -= factor[i * D + j] * w[j * K + k];
        w[i * K + k] /= factor[i * D + i];
      }
      for (let i = D - 1; i >= 0; i--) {
        for (let j = i + 1; j < D; j++) w[i * K + k] -= factor[j * D + i] * w[j * K + k];
        w[i * K + k] /= factor[i * D + i];
      }
    }
    return { inputs: D, targets: K, centre: this.centre, scale: this.scale, offset: this.offset, weights: w };
  }
}

/** `[T, K]` */
export function predictRidges(fit: Ridges, x: Float32Array | Float64Array): Float64Array {
  const { inputs: D, targets: K, centre, scale, offset, weights } = fit;
  const T = x.length / D;
  const out = new Float64Array(T * K);
  for (let t = 0; t < T; t++) {
    for (let k = 0; k < K; k++) out[t * K + k] = offset[k];
    for (let i = 0; i < D; i++) {
      const value = (x[t * D + i] - centre[i]) * scale[i];
      if (value !== 0) for (let k = 0; k < K; k++) out[t * K + k] += value * weights[i * K + k];
    }
  }
  return out;
}
