/**
 * The one decoder that every modality gets, and what it proves to have come through, in bits per presentation.
 *
 * Task: ridge regression to the classes, its scores through a softmax whose steepness is chosen on validation data.
 * log2(K) minus the cross entropy on held-out data bounds the mutual information from below (Barber and Agakov 2003,
 * "The IM algorithm"). Latent state: ridge regression; a held-out share R2 of variance explained of a latent is worth
 * at least -log2(1 - R2) / 2 bits if the latent is Gaussian.
 */
import { predictRidges, RidgeProblem, type Ridges } from "./ridge.ts";

export interface Split {
  readonly train: number;
  readonly validation: number;
  readonly total: number;
}

/** 60 % train, 20 % validation, 20 % test, in the order of time. */
export function splitOf(trials: number): Split {
  return { train: Math.floor(0.6 * trials), validation: Math.floor(0.8 * trials), total: trials };
}

export interface Decoded {
  readonly taskBits: number;
  readonly accuracy: number;
  readonly latentBits: number;
  /** Mean held-out R2 over latents; below 0 counts as none. */
  readonly latentR2: number;
}

const RIDGES = [0.03, 0.3, 3, 30];
/** 0 is the prior: what a signal without information gets. */
const STEEPNESS = [0, 0.5, 1, 2, 4, 6, 8, 12, 16, 24];

/** Features `[trials, D]`, class of each trial below `classes`, latents `[trials, L]`. */
export function decode(
  { features, D }: { readonly features: Float32Array; readonly D: number },
  { labels, classes }: { readonly labels: Uint8Array; readonly classes: number },
  { latents, L }: { readonly latents: Float64Array; readonly L: number },
): Decoded {
  const { train, validation, total } = splitOf(labels.length);
  const K = classes + L;
  const targets = new Float64Array(total * K);
  for (let t = 0; t < total; t++) {
    targets[t * K + labels[t]] = 1;
    for (let l = 0; l < L; l++) targets[t * K + classes + l] = latents[t * L + l];
  }
  const rows = (from: number, to: number) => features.subarray(from * D, to * D);
  const problem = new RidgeProblem(rows(0, train), D, targets.subarray(0, train * K), K);
  const fits = RIDGES.map((ridge) => problem.solve(ridge));
  const checked = fits.map((fit) => predictRidges(fit, rows(train, validation)));

  let best = { loss: Number.POSITIVE_INFINITY, fit: fits[0], steepness: 0 };
  fits.forEach((fit, f) => {
    for (const steepness of STEEPNESS) {
      const scores = { values: checked[f], K, classes };
      const loss = crossEntropy(scores, labels.subarray(train, validation), steepness).bits;
      if (loss < best.loss) best = { loss, fit, steepness };
    }
  });
  const tested = fits.map((fit) => predictRidges(fit, rows(validation, total)));
  const testOf = (fit: Ridges) => tested[fits.indexOf(fit)];
  const { bits, accuracy } = crossEntropy(
    { values: testOf(best.fit), K, classes },
    labels.subarray(validation, total),
    best.steepness,
  );

  let [latentBits, latentR2] = [0, 0];
  for (let l = 0; l < L; l++) {
    const at = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, t) => targets[(from + t) * K + classes + l]);
    const column = (values: Float64Array) =>
      Array.from({ length: values.length / K }, (_, t) => values[t * K + classes + l]);
    const shares = checked.map((values) =>
      explained(at(train, validation), column(values), mean(at(0, train))),
    );
    const chosen = shares.indexOf(Math.max(...shares));
    // Where validation finds nothing, the mean is the prediction, and nothing is claimed.
    const r2 =
      shares[chosen] <= 0 ? 0 : explained(at(validation, total), column(tested[chosen]), mean(at(0, train)));
    latentR2 += Math.max(0, r2) / L;
    latentBits += r2 <= 0 ? 0 : -0.5 * Math.log2(1 - r2);
  }
  return { taskBits: Math.log2(classes) - bits, accuracy, latentBits, latentR2 };
}

/** Scores `[T, K]`, of which the first `classes` are those of the classes. */
interface Scores {
  readonly values: Float64Array;
  readonly K: number;
  readonly classes: number;
}

/** Mean cross entropy (bits) of a softmax over the classes' scores, and the share that is right. */
function crossEntropy({ values, K, classes }: Scores, labels: Uint8Array, steepness: number) {
  let [bits, right] = [0, 0];
  for (let t = 0; t < labels.length; t++) {
    const row = values.subarray(t * K, t * K + classes);
    const top = Math.max(...row);
    let sum = 0;
    for (const score of row) sum += Math.exp(steepness * (score - top));
    bits += (Math.log(sum) - steepness * (row[labels[t]] - top)) / Math.LN2 / labels.length;
    if (row[labels[t]] === top) right++;
  }
  return { bits, accuracy: right / labels.length };
}

function explained(truth: readonly number[], predicted: readonly number[], baseline: number): number {
  let [residual, total] = [0, 0];
  truth.forEach((value, t) => {
    residual += (value - predicted[t]) ** 2;
    total += (value - baseline) ** 2;
  });
  return total === 0 ? 0 : 1 - residual / total;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
