import { expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { chosen, cutOf, type SaeLoss, type SaeParameters, saeGradient } from "./gradient.ts";

const [K, L, N] = [8, 5, 7];

function problem(seed: number) {
  const random = Random.of(seed, "sae gradient");
  const p: SaeParameters = {
    encoder: random.normals(K * L),
    decoder: random.normals(K * L),
    encoderBias: random.normals(K),
    decoderBias: random.normals(L),
    thresholds: new Float32Array(K).fill(0.3),
  };
  return { p, x: random.normals(N * L) };
}

function preActivations(p: SaeParameters, x: Float32Array): Float32Array {
  const h = new Float32Array(N * K);
  for (let n = 0; n < N; n++)
    for (let k = 0; k < K; k++) {
      h[n * K + k] = p.encoderBias[k];
      for (let d = 0; d < L; d++) h[n * K + k] += x[n * L + d] * p.encoder[k * L + d];
    }
  return h;
}

const blank = (): SaeParameters => ({
  encoder: new Float32Array(K * L),
  decoder: new Float32Array(K * L),
  encoderBias: new Float32Array(K),
  decoderBias: new Float32Array(L),
  thresholds: new Float32Array(K),
});

/** With the latents that are chosen held fixed, as in backpropagation. */
function lossOf(
  p: SaeParameters,
  { x, mask }: { x: Float32Array; mask: Float32Array },
  loss: SaeLoss,
  out = blank(),
): number {
  const h = preActivations(p, x);
  return saeGradient(p, { x, h, codes: h.map((v, i) => (mask[i] > 0 ? v : 0)) }, loss, out);
}

const none = { isDead: new Uint8Array(K), weight: 0, most: 0 };

test.each([
  ["batchtopk", [K]],
  ["matryoshka", [1, 2, 4, K]],
])("gradients of %s are the finite differences of the loss", (_, prefixes) => {
  const { p, x } = problem(5);
  const h = preActivations(p, x);
  const mask = chosen(h, K, { cut: cutOf(h, 3 * N) });
  expect(mask.filter((v) => v > 0)).toHaveLength(3 * N);
  const loss: SaeLoss = { K, length: L, prefixes, auxiliary: none };
  const gradients = blank();
  lossOf(p, { x, mask }, loss, gradients);
  for (const name of ["encoder", "decoder", "encoderBias", "decoderBias"] as const)
    for (let i = 0; i < p[name].length; i++) {
      const step = 1e-2;
      const moved = (by: number) => ({ ...p, [name]: p[name].map((v, j) => (i === j ? v + by : v)) });
      const difference =
        (lossOf(moved(step), { x, mask }, loss) - lossOf(moved(-step), { x, mask }, loss)) / (2 * step);
      expect(gradients[name][i]).toBeCloseTo(difference, 2);
    }
});

test("a dead latent learns what the living leave over, and nothing else moves by it", () => {
  const { p, x } = problem(6);
  const h = preActivations(p, x);
  const isDead = Uint8Array.from({ length: K }, (_, k) => (k === 2 ? 1 : 0));
  const mask = chosen(h, K, { cut: cutOf(h, 3 * N) }).map((v, i) => (i % K === 2 ? 0 : v));
  const [without, withDead] = [blank(), blank()];
  lossOf(p, { x, mask }, { K, length: L, prefixes: [K], auxiliary: none }, without);
  const auxiliary = { isDead, weight: 1 / 32, most: 4 };
  const full: SaeLoss = { K, length: L, prefixes: [K], auxiliary };
  lossOf(p, { x, mask }, full, withDead);
  for (let k = 0; k < K; k++) {
    const moved = [...withDead.decoder.subarray(k * L, (k + 1) * L)].some(
      (v, d) => v !== without.decoder[k * L + d],
    );
    expect(moved).toBe(k === 2);
  }
});

test("jumprelu's threshold: rises with the cost of a latent, by the rectangle's derivative", () => {
  const p = { ...blank(), thresholds: new Float32Array(K).fill(0.5) };
  const x = new Float32Array(L);
  const h = new Float32Array(K);
  h[0] = 0.6; // within the rectangle
  h[1] = 2; // far above it
  const gradients = blank();
  const loss: SaeLoss = { K, length: L, prefixes: [K], auxiliary: none, jump: { cost: 0.8, width: 0.4 } };
  const value = saeGradient(p, { x, h, codes: chosen(h, K, { thresholds: p.thresholds }) }, loss, gradients);
  expect(value).toBeCloseTo(2 * 0.8, 6);
  expect([...gradients.thresholds.subarray(0, 3)].map((v) => v || 0)).toEqual(
    [-2, 0, 0].map((v) => Math.fround(v)),
  );
});
