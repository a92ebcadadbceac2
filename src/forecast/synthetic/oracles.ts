/**
 * The two oracles of the Lorenz population: the true future rates, which no forecaster can know, and a bootstrap particle
 * filter on the true model (Gordon et al. 1993, https://doi.org/10.1049/ip-f-2.1993.0015), which is the best that can be
 * done with the past spikes alone.
 *
 * Legend: N windows, S samples, F future bins, C channels, P particles.
 */
import { Noise } from "../../compute/index.ts";
import type { Forecaster, ForecastWindow } from "../windows/forecaster.ts";
import { LORENZ_CENTRE, LORENZ_SCALE, type LorenzPopulation, STEPS_PER_BIN, stepLorenz } from "./lorenz.ts";

/** `firstTrial`: the population's trial that is sequence 0 of the windows. */
export function trueRateOracle(
  { rates }: LorenzPopulation,
  window: ForecastWindow,
  firstTrial: number,
): Forecaster {
  const length = window.futureBins * window.channels;
  return {
    name: "true rate",
    window,
    async forecast({ size, sequence, origin }) {
      const out = new Float32Array(size * length);
      for (let n = 0; n < size; n++) {
        const at = origin[n] * window.channels;
        out.set(rates[firstTrial + sequence[n]].subarray(at, at + length), n * length);
      }
      return { samples: 1, rates: out };
    },
    async dispose() {},
  };
}

export interface ParticleFilterOptions {
  readonly seed: number;
  readonly particles: number;
  /** Particles drawn for a forecast. */
  readonly samples: number;
}

/** Filters each trial from its beginning; fastest when windows come trial by trial in order. */
export function particleFilter(
  population: LorenzPopulation,
  window: ForecastWindow,
  firstTrial: number,
  { seed, particles, samples }: ParticleFilterOptions,
): Forecaster {
  const { futureBins: F, channels: C } = window;
  let filter: Filter | undefined;
  return {
    name: "particle filter",
    window,
    async forecast({ size, sequence, origin }) {
      const out = new Float32Array(size * samples * F * C);
      for (let n = 0; n < size; n++) {
        const trial = firstTrial + sequence[n];
        if (!filter || filter.trial !== trial || filter.bin > origin[n])
          filter = new Filter(population, trial, particles, seed);
        while (filter.bin < origin[n]) filter.advance();
        filter.forecast(samples, F, out.subarray(n * samples * F * C, (n + 1) * samples * F * C));
      }
      return { samples, rates: out };
    },
    async dispose() {},
  };
}

class Filter {
  /** Bins taken in. */
  bin = 0;
  private readonly states: Float64Array;
  private readonly noise: Noise;

  constructor(
    readonly population: LorenzPopulation,
    readonly trial: number,
    readonly particles: number,
    readonly seed: number,
  ) {
    this.noise = Noise.of(seed, "filter", trial);
    const spread = this.noise.normals([particles, 3]).data;
    this.states = Float64Array.from(spread, (value, i) => LORENZ_CENTRE[i % 3] + value * LORENZ_SCALE[i % 3]);
    for (let t = 0; t < 50; t++) advanceBin(this.states, this.noise);
  }

  /** Moves every particle to the next bin, weighs it by the spikes in it, and resamples systematically. */
  advance(): void {
    const { counts } = this.population;
    const C = counts.channels;
    const spikes = counts.sequences[this.trial].subarray(this.bin * C, (this.bin + 1) * C);
    advanceBin(this.states, this.noise);
    const logWeights = new Float64Array(this.particles);
    for (let p = 0; p < this.particles; p++)
      for (let c = 0; c < C; c++) {
        const logRate = logRateOf(this.population, c, this.states, 3 * p);
        logWeights[p] += spikes[c] * logRate - Math.exp(logRate);
      }
    const offset = this.noise.uniforms([1]).data[0];
    const chosen = systematic(logWeights, this.particles, offset);
    const old = this.states.slice();
    chosen.forEach((from, p) => {
      this.states.set(old.subarray(3 * from, 3 * from + 3), 3 * p);
    });
    this.bin++;
  }

  /** Rates `[S, F, C]` of `samples` particles, evenly spread over all, sent ahead. */
  forecast(samples: number, bins: number, out: Float32Array): void {
    const { counts } = this.population;
    const noise = Noise.of(this.seed, "forecast", this.trial, this.bin);
    const states = new Float64Array(3 * samples);
    for (let s = 0; s < samples; s++) {
      const from = 3 * Math.floor(((s + 0.5) * this.particles) / samples);
      states.set(this.states.subarray(from, from + 3), 3 * s);
    }
    for (let f = 0; f < bins; f++) {
      advanceBin(states, noise);
      for (let s = 0; s < samples; s++)
        for (let c = 0; c < counts.channels; c++)
          out[(s * bins + f) * counts.channels + c] = Math.exp(logRateOf(this.population, c, states, 3 * s));
    }
  }
}

function advanceBin(states: Float64Array, noise: Noise): void {
  for (let k = 0; k < STEPS_PER_BIN; k++) {
    const normals = noise.normals([states.length]).data as Float32Array;
    for (let at = 0; at < states.length; at += 3) stepLorenz(states, at, normals, at);
  }
}

function logRateOf(
  { gains, offsets }: Pick<LorenzPopulation, "gains" | "offsets">,
  c: number,
  states: Float64Array,
  at: number,
): number {
  let sum = offsets[c];
  for (let d = 0; d < 3; d++)
    sum += (gains[3 * c + d] * (states[at + d] - LORENZ_CENTRE[d])) / LORENZ_SCALE[d];
  return sum;
}

/** Systematic resampling: `count` indices, each as often as its weight says, give or take one; `offset` in [0, 1). */
export function systematic(logWeights: Float64Array, count: number, offset: number): number[] {
  const largest = logWeights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = logWeights.map((value) => Math.exp(value - largest));
  const total = weights.reduce((a, b) => a + b, 0);
  const chosen: number[] = [];
  let sum = 0;
  weights.forEach((weight, i) => {
    sum += weight / total;
    while (chosen.length < count && (chosen.length + offset) / count < sum) chosen.push(i);
  });
  while (chosen.length < count) chosen.push(weights.length - 1);
  return chosen;
}
