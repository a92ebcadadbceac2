/** Chaotic and periodic series that a formula makes; each seed starts elsewhere on the attractor. */
import type { Random } from "../../../math/random.ts";

/** Values that are thrown away so that the series begins on its attractor. */
const TRANSIENT = 500;

/**
 * The Henon map: x' = 1 - 1.4 x^2 + y, y' = 0.3 x.
 * Henon 1976, "A two-dimensional mapping with a strange attractor", https://doi.org/10.1007/BF01608556
 */
export function henon(random: Random, count: number, transient = TRANSIENT): Float64Array {
  let [x, y] = [0.1 * random.uniform(), 0.1 * random.uniform()];
  const out = new Float64Array(count);
  for (let i = -transient; i < count; i++) {
    [x, y] = [1 - 1.4 * x * x + y, 0.3 * x];
    if (i >= 0) out[i] = x;
  }
  return out;
}

/**
 * Mackey and Glass's blood-cell equation dx/dt = 0.2 x(t-17) / (1 + x(t-17)^10) - 0.1 x, sampled every 6.
 * Runge-Kutta 4 with step 0.1; the delayed value at half steps is the mean of its neighbours.
 * Mackey and Glass 1977, https://doi.org/10.1126/science.267326
 */
export function mackeyGlass(random: Random, count: number, transient = TRANSIENT): Float64Array {
  const step = 0.1;
  const delay = 170;
  const every = 60;
  const past = new Float64Array(delay).fill(0.5 + random.uniform());
  const slope = (x: number, delayed: number) => (0.2 * delayed) / (1 + delayed ** 10) - 0.1 * x;
  const out = new Float64Array(count);
  let x = past[0];
  for (let i = 0, slot = 0, sample = -transient; sample < count; i++) {
    if (i % every === 0 && sample++ >= 0) out[sample - 1] = x;
    // `slot` holds x(t - 17), the slot after it x(t - 17 + step).
    const early = past[slot];
    past[slot] = x;
    slot = (slot + 1) % delay;
    const late = past[slot];
    const middle = (early + late) / 2;
    const k1 = slope(x, early);
    const k2 = slope(x + (step / 2) * k1, middle);
    const k3 = slope(x + (step / 2) * k2, middle);
    const k4 = slope(x + step * k3, late);
    x += (step / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return out;
}

/**
 * x of Lorenz's convection equations (sigma 10, rho 28, beta 8/3), sampled every 0.12; Runge-Kutta 4, step 0.01.
 * Lorenz 1963, https://doi.org/10.1175/1520-0469(1963)020%3C0130:DNF%3E2.0.CO;2
 */
export function lorenz(random: Random, count: number, transient = TRANSIENT): Float64Array {
  const step = 0.01;
  const every = 12;
  const slope = ([x, y, z]: number[]) => [10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z];
  const along = (state: number[], by: number, direction: number[]) =>
    state.map((v, i) => v + by * direction[i]);
  let state = [1 + random.normal(), 1 + random.normal(), 25 + random.normal()];
  const out = new Float64Array(count);
  for (let sample = -transient; sample < count; sample++) {
    if (sample >= 0) out[sample] = state[0];
    for (let i = 0; i < every; i++) {
      const k1 = slope(state);
      const k2 = slope(along(state, step / 2, k1));
      const k3 = slope(along(state, step / 2, k2));
      const k4 = slope(along(state, step, k3));
      state = state.map((v, j) => v + (step / 6) * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]));
    }
  }
  return out;
}

/** A sine with a period of 16 steps, a random phase, and normal noise of 0.1 on every value. */
export function sine(random: Random, count: number): Float64Array {
  const phase = random.integer(16);
  return Float64Array.from(
    { length: count },
    (_, i) => Math.sin((2 * Math.PI * (i + phase)) / 16) + 0.1 * random.normal(),
  );
}
