/**
 * Sparse autoencoders: loss and gradients, written out.
 *
 *   h = x We' + be,   a = chosen(h),   x^ = bd + a Wd,   loss = mean over windows of |x^ - x|^2, plus what the variant adds
 *
 * BatchTopK keeps the k x batch largest (Bussmann, Leask & Nanda 2024, https://arxiv.org/abs/2412.06410); a dead latent learns what the
 * living leave over (Gao et al. 2024, https://arxiv.org/abs/2406.04093). Matryoshka: prefixes of the latents each reconstruct (Bussmann
 * et al. 2025, https://arxiv.org/abs/2503.17547). JumpReLU: a learned threshold, its derivative by a rectangle of some width
 * (Rajamanoharan et al. 2024, https://arxiv.org/abs/2407.14435).
 */

/** Rows are `length` long: `encoder`, `decoder` `[K, length]`; `encoderBias`, `thresholds` `[K]`; `decoderBias` `[length]`. */
export interface SaeParameters {
  readonly encoder: Float32Array;
  readonly decoder: Float32Array;
  readonly encoderBias: Float32Array;
  readonly decoderBias: Float32Array;
  readonly thresholds: Float32Array;
}

export interface SaeLoss {
  readonly K: number;
  readonly length: number;
  /** Ends of the prefixes that each reconstruct; the last is K. */
  readonly prefixes: readonly number[];
  /** By latent whether it is dead; dead ones learn the residual with this weight, at most `auxiliary.most` of a window. */
  readonly auxiliary: { readonly isDead: Uint8Array; readonly weight: number; readonly most: number };
  /** Of JumpReLU: cost of an active latent and width of the rectangle. */
  readonly jump?: { readonly cost: number; readonly width: number };
}

/** Which codes are kept: `jump` those above their latent's threshold, else those at least `cut`. */
export function chosen(
  h: Float32Array,
  K: number,
  rule: { thresholds?: Float32Array; cut?: number },
): Float32Array {
  const out = new Float32Array(h.length);
  for (let i = 0; i < h.length; i++) {
    const least = rule.thresholds ? rule.thresholds[i % K] : rule.cut!;
    if (h[i] > 0 && (rule.thresholds ? h[i] > least : h[i] >= least)) out[i] = h[i];
  }
  return out;
}

/** The `count`-th largest of the positive values; 0 if there are fewer. */
export function cutOf(h: Float32Array, count: number): number {
  const positive = h.filter((value) => value > 0);
  if (positive.length <= count) return 0;
  return positive.sort()[positive.length - Math.max(1, count)];
}

/**
 * Adds the gradients to `out` and gives the loss. `x [N, length]`, `h` and `codes [N, K]`.
 */
export function saeGradient(
  p: SaeParameters,
  { x, h, codes }: { readonly x: Float32Array; readonly h: Float32Array; readonly codes: Float32Array },
  loss: SaeLoss,
  out: SaeParameters,
): number {
  const { K, length: L, prefixes, auxiliary, jump } = loss;
  const N = codes.length / K;
  const P = prefixes.length;
  let sum = 0;
  const errors = Array.from({ length: P }, () => new Float32Array(L));
  const rest = new Float32Array(L);
  for (let n = 0; n < N; n++) {
    const row = x.subarray(n * L, (n + 1) * L);
    const reconstruction = Float32Array.from(p.decoderBias);
    let from = 0;
    for (let g = 0; g < P; g++) {
      for (let k = from; k < prefixes[g]; k++) {
        const a = codes[n * K + k];
        if (a !== 0) addTo(reconstruction, p.decoder, k * L, a);
      }
      from = prefixes[g];
      const error = errors[g];
      for (let d = 0; d < L; d++) {
        const off = reconstruction[d] - row[d];
        sum += (off * off) / (N * P);
        error[d] = (2 * off) / (N * P);
      }
    }
    for (let d = 0; d < L; d++) rest[d] = row[d] - reconstruction[d];
    // A latent serves its own prefix and all longer ones.
    for (let g = P - 2; g >= 0; g--) for (let d = 0; d < L; d++) errors[g][d] += errors[g + 1][d];
    for (let d = 0; d < L; d++) out.decoderBias[d] += errors[0][d];
    let group = 0;
    for (let k = 0; k < K; k++) {
      if (k >= prefixes[group]) group++;
      const a = codes[n * K + k];
      const isNear = jump !== undefined && Math.abs(h[n * K + k] - p.thresholds[k]) < jump.width / 2;
      if (a === 0 && !isNear) continue;
      const slope = dotWith(errors[group], p.decoder, k * L);
      if (isNear) out.thresholds[k] -= (p.thresholds[k] * slope + jump.cost / N) / jump.width;
      if (a === 0) continue;
      if (jump) sum += jump.cost / N;
      addTo(out.decoder.subarray(k * L, (k + 1) * L), errors[group], 0, a);
      addTo(out.encoder.subarray(k * L, (k + 1) * L), row, 0, slope);
      out.encoderBias[k] += slope;
    }
    sum += learnDead(p, { row, rest, h: h.subarray(n * K, (n + 1) * K), N, L }, auxiliary, out);
  }
  return sum;
}

/** Dead latents reconstruct what the living leave over. */
function learnDead(
  p: SaeParameters,
  at: { row: Float32Array; rest: Float32Array; h: Float32Array; N: number; L: number },
  { isDead, weight, most }: SaeLoss["auxiliary"],
  out: SaeParameters,
): number {
  const { row, rest, h, N, L } = at;
  const dead: number[] = [];
  for (let k = 0; k < h.length; k++) if (isDead[k] && h[k] > 0) dead.push(k);
  if (dead.length === 0) return 0;
  dead.sort((a, b) => h[b] - h[a]);
  const error = Float32Array.from(rest, (value) => -value);
  const active = dead.slice(0, most);
  for (const k of active) addTo(error, p.decoder, k * L, h[k]);
  let sum = 0;
  for (let d = 0; d < L; d++) {
    sum += (weight * error[d] * error[d]) / N;
    error[d] *= (2 * weight) / N;
  }
  for (const k of active) {
    const slope = dotWith(error, p.decoder, k * L);
    addTo(out.decoder.subarray(k * L, (k + 1) * L), error, 0, h[k]);
    addTo(out.encoder.subarray(k * L, (k + 1) * L), row, 0, slope);
    out.encoderBias[k] += slope;
  }
  return sum;
}

function addTo(to: Float32Array, from: Float32Array, at: number, factor: number): void {
  for (let d = 0; d < to.length; d++) to[d] += factor * from[at + d];
}

function dotWith(a: Float32Array, b: Float32Array, at: number): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[at + d];
  return sum;
}
