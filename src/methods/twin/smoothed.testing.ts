/**
 * A smoothed culture for finite differences: the equations of culture/kernel in double precision, one at a time and
 * without a thought for speed, with graded spikes, no dead time, and the culture's own noise.
 */
import type { TwinOf } from "./twin.ts";

export interface Smoothed {
  readonly tissue: TwinOf;
  readonly steps: number;
  readonly widthMv: number;
  /** Magnitude of every synapse, in the table's order. */
  readonly weight: Float64Array;
}

/** Spikes `[steps, N]`. */
export function smoothedSpikes(given: Smoothed): Float64Array {
  const { tissue, steps, widthMv, weight } = given;
  const { synapses, anatomy, parameters: p, cells: state } = tissue;
  const E = anatomy.excitatoryCount;
  const N = state.cells.potentialMv.length;
  const stepMs = p.stepFrames * 0.04;
  const { cells, arriving } = state;
  const V = Float64Array.from(cells.potentialMv);
  const [a, gA, gN, gI] = [cells.adaptationMv, cells.ampa, cells.nmda, cells.gaba].map((x) =>
    Float64Array.from(x),
  );
  const B = Float64Array.from(cells.open);
  const x = Float64Array.from(cells.resource, (left, i) => {
    const { recoveryMs } = i < E ? p.excitatory : p.inhibitory;
    return 1 - (1 - left) * Math.exp((-(state.step - 1 - cells.lastSpike[i]) * stepMs) / recoveryMs);
  });
  const words = state.randomWords.slice();
  const padded = (E + 15) & ~15;
  const noise = new Float32Array(padded + ((N - E + 15) & ~15));
  const arrivals = (start: Float32Array) => {
    const all = new Float64Array((steps + arriving.delays) * N);
    all.set(start);
    return all;
  };
  const toE = arrivals(arriving.excitation);
  const toI = arrivals(arriving.inhibition);
  const spikes = new Float64Array(steps * N);
  for (let t = 0; t < steps; t++) {
    fillGaussian(words, noise);
    if ((state.step + t) % 4 === 0)
      for (let i = 0; i < N; i++) B[i] = 1 / (1 + 0.28 * Math.exp(-0.062 * V[i]));
    for (let i = 0; i < N; i++) {
      const kind = i < E ? p.excitatory : p.inhibitory;
      gA[i] = gA[i] * Math.exp(-stepMs / p.ampaMs) + toE[t * N + i];
      gN[i] = gN[i] * Math.exp(-stepMs / p.nmdaMs) + p.nmdaFraction * toE[t * N + i];
      gI[i] = gI[i] * Math.exp(-stepMs / p.gabaMs) + toI[t * N + i];
      a[i] *= Math.exp(-stepMs / p.adaptationMs);
      x[i] = 1 - (1 - x[i]) * Math.exp(-stepMs / kind.recoveryMs);
      const current =
        cells.driveMv[i] - V[i] - (gA[i] + gN[i] * B[i]) * V[i] + gI[i] * (p.gabaReversalMv - V[i]) - a[i];
      const jitter =
        p.noiseMv * Math.sqrt((2 * stepMs) / kind.membraneMs) * noise[i < E ? i : i - E + padded];
      const v = V[i] + (stepMs / kind.membraneMs) * current + jitter;
      const s = gradedSpike(v - p.thresholdMv, widthMv);
      spikes[t * N + i] = s;
      V[i] = v + s * (p.resetMv - v);
      a[i] += s * kind.adaptationMv;
    }
    for (let k = 0; k < weight.length; k++) {
      const from = synapses.pre[k];
      const sent = spikes[t * N + from] * x[from] * weight[k];
      if (sent !== 0) (from < E ? toE : toI)[(t + synapses.delaySteps[k]) * N + synapses.post[k]] += sent;
    }
    for (let i = 0; i < N; i++)
      x[i] *= 1 - (i < E ? p.excitatory : p.inhibitory).releaseFraction * spikes[t * N + i];
  }
  return spikes;
}

/** The integral of the surrogate, a triangle: 0 below -width, 1 above width. */
function gradedSpike(u: number, widthMv: number): number {
  const x = u / widthMv;
  if (x <= -1) return 0;
  if (x >= 1) return 1;
  return x < 0 ? 0.5 * (1 + x) * (1 + x) : 1 - 0.5 * (1 - x) * (1 - x);
}

const UNIT = Math.fround(0.006765868);

/** Byte sums of xorshift128 in four lanes, as kernel/noise.ts draws them; `words` is the generator, and moves on. */
function fillGaussian(words: Uint32Array, out: Float32Array): void {
  for (let at = 0; at < out.length; at += 16)
    for (let lane = 0; lane < 4; lane++) {
      let r0 = words[lane] | 0;
      let r1 = words[4 + lane] | 0;
      let r2 = words[8 + lane] | 0;
      let r3 = words[12 + lane] | 0;
      r0 = nextWord(r3, r0);
      r1 = nextWord(r0, r1);
      r2 = nextWord(r1, r2);
      r3 = nextWord(r2, r3);
      out[at + lane] = byteSum(r0);
      out[at + 4 + lane] = byteSum(r1);
      out[at + 8 + lane] = byteSum(r2);
      out[at + 12 + lane] = byteSum(r3);
      words[lane] = r0;
      words[4 + lane] = r1;
      words[8 + lane] = r2;
      words[12 + lane] = r3;
    }
}

function nextWord(newest: number, oldest: number): number {
  const t = oldest ^ (oldest << 11);
  return newest ^ (newest >>> 19) ^ (t ^ (t >>> 8));
}

function byteSum(word: number): number {
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return Math.fround(Math.fround(sum - 510) * UNIT);
}
