import { expect, test } from "vitest";
import { choleskySolve } from "../math/linear.ts";
import type { TissueActivity } from "./activity.ts";
import { nearestElectrodes, throughArray } from "./array.ts";
import { leadField, throughEeg } from "./eeg.ts";
import { haemodynamicResponse, throughFmri } from "./fmri.ts";
import { defaultHead, radialDipoleUv, shellFactor } from "./sphere.ts";

const tissue = (spikes: readonly (readonly [number, number])[], seconds: number): TissueActivity => ({
  seconds,
  spikeSeconds: Float64Array.from(spikes, ([time]) => time),
  spikeCells: Uint16Array.from(spikes, ([, cell]) => cell),
  positionsMm: Float32Array.of(0.1, 0.1, 0.13, 0.1, 1.5, 1.5, 0.2, 0.2),
  sideMm: 1.6,
  excitatoryCount: 4,
  synapses: {
    pre: Uint16Array.of(0),
    post: Uint16Array.of(2),
    delayMs: Float32Array.of(2),
    weight: Float32Array.of(1),
  },
});

test("three equal spheres are one: the closed form of a homogeneous sphere", () => {
  const head = { ...defaultHead, skullShare: 1 };
  const [radius, f] = [92, 70 / 92];
  for (const x of [1, 0.7, 0.1, -0.5, -1]) {
    // sum_n (2n + 1) f^(n-1) P_n(x) from the generating function of the Legendre polynomials
    const closed = ((1 - f * f) / (1 + f * f - 2 * f * x) ** 1.5 - 1) / f;
    const volts = (1e-9 / (4 * Math.PI * 0.33 * (radius * 1e-3) ** 2)) * closed;
    expect(radialDipoleUv(head, 70, x)).toBeCloseTo(volts * 1e6, 8);
  }
});

test("each term solves the boundary conditions of three shells", () => {
  const { radiiMm, skullShare } = defaultHead;
  const [a, b] = [radiiMm[0] / radiiMm[2], radiiMm[1] / radiiMm[2]];
  for (const n of [1, 2, 5, 9]) {
    // Potentials in units of the outer radius: brain A r^n + r^-(n+1), skull C r^n + D r^-(n+1), scalp E r^n + F r^-(n+1).
    const p = (r: number) => r ** n;
    const q = (r: number) => r ** -(n + 1);
    const dp = (r: number) => n * r ** (n - 1);
    const dq = (r: number) => -(n + 1) * r ** -(n + 2);
    const s = skullShare;
    const rows = [
      [p(a), -p(a), -q(a), 0, 0],
      [dp(a), -s * dp(a), -s * dq(a), 0, 0],
      [0, p(b), q(b), -p(b), -q(b)],
      [0, s * dp(b), s * dq(b), -dp(b), -dq(b)],
      [0, 0, 0, dp(1), dq(1)],
    ];
    const right = [-q(a), -dq(a), 0, 0, 0];
    const normal = rows.flatMap((_, i) =>
      rows.map((_, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)),
    );
    const solved = choleskySolve(
      normal,
      rows.map((_, i) => rows.reduce((sum, row, r) => sum + row[i] * right[r], 0)),
    );
    const surface = solved[3] + solved[4];
    // A radial dipole's own term is n f^(n-1) r^-(n+1), so that c_n is the surface potential of r^-(n+1).
    expect(shellFactor(defaultHead, n) / surface).toBeCloseTo(1, 3);
  }
});

test("the skull smears and weakens what the scalp sees; the montage is against its average", () => {
  const [bare, shells] = [{ ...defaultHead, skullShare: 1 }, defaultHead].map((head) =>
    [1, 0.9].map((x) => radialDipoleUv(head, 78, x)),
  );
  expect(shells![0]).toBeLessThan(0.4 * bare![0]);
  expect(shells![1] / shells![0]).toBeGreaterThan(bare![1] / bare![0]);
  const field = leadField({ seed: 1, rateHz: 500, patchMm: 10 }, 32);
  const sum = Array.from({ length: 32 }, (_, e) => field[e * 64]).reduce((a, b) => a + b);
  expect(sum).toBeCloseTo(0, 10);
});

test("EEG follows the synaptic current of a spike, after its delay", () => {
  const { values, channels } = throughEeg(tissue([[0.1, 0]], 0.3), {
    seed: 1,
    rateHz: 1000,
    patchMm: 10,
    noiseUv: 0,
  });
  const first = Array.from({ length: 300 }, (_, k) => values[k * channels]);
  expect(first.findIndex((v) => v !== 0)).toBe(102);
  expect(first[107] / first[102]).toBeCloseTo(Math.exp(-1), 5);
  // The strongest moment is 1 nA m/mm^2 over 100 mm^2, seen from the top of the head: microvolts.
  expect(Math.max(...first)).toBeGreaterThan(1);
  expect(Math.max(...first)).toBeLessThan(200);
});

test("the haemodynamic response has unit area, its peak at 5 s, and an undershoot", () => {
  const step = 0.01;
  const values = Array.from({ length: 6000 }, (_, k) => haemodynamicResponse(k * step));
  expect(values.reduce((a, b) => a + b) * step).toBeCloseTo(1, 4);
  expect(values.indexOf(Math.max(...values)) * step).toBeCloseTo(5, 0);
  expect(Math.min(...values)).toBeLessThan(0);
});

test("a steady 9 spikes/s per neuron is 1 % in its voxel, and nothing beside it", () => {
  const spikes = Array.from({ length: 720 }, (_, i): [number, number] => [i / 9, 2]);
  const { values, channels, rateHz } = throughFmri(tissue(spikes, 80), {
    seed: 1,
    patchMm: 10,
    temporalSnr: 1e9,
  });
  expect([channels, rateHz]).toEqual([25, 1.25]);
  const last = values.subarray(99 * channels);
  expect(last[24]).toBeCloseTo(1, 1);
  expect(last[0]).toBeCloseTo(0, 5);
});

test("an array sees the cells near its electrodes, as often as the distance says", () => {
  const options = { perSide: 8, rateHz: 10, seed: 1, noiseHz: 0 };
  const { electrode, chance } = nearestElectrodes(tissue([], 1), options);
  expect([...electrode]).toEqual([0, 0, 63, -1]); // the last lies between four electrodes, 0.14 mm from each
  expect(chance[0]).toBeCloseTo(0.95, 6);
  expect(chance[1]).toBeCloseTo(0.95 * Math.exp(-((0.03 / 0.08) ** 2)), 4);
  const spikes = Array.from({ length: 4000 }, (_, i): [number, number] => [i / 4000, 1]);
  const { values, channels } = throughArray(tissue(spikes, 1), options);
  const seen = values.reduce((a, b) => a + b);
  expect(seen / 4000).toBeCloseTo(chance[1], 1);
  expect(Array.from({ length: 10 }, (_, k) => values[k * channels]).reduce((a, b) => a + b)).toBe(seen);
});
