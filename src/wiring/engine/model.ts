/**
 * The model of a cell that nearly all simulations of whole wiring diagrams use: Shiu et al. 2024, "A Drosophila computational brain model
 * reveals sensorimotor processing", Nature 634, 210-219, https://doi.org/10.1038/s41586-024-07763-9.
 *
 *     dv/dt = (v_0 - v + g) / tau_m,  dg/dt = -g / tau_s     both stand still while refractory
 *     v > v_th: spike; v = v_0, g = 0; refractory for 2.2 ms, in which inputs are dropped; driven cells have no refractory time
 *     a spike reaches its targets 1.8 ms later: g += count * sign * 0.275 mV; a kick of the drive: v += 68.75 mV
 *
 * With u = v - v_0, b = g tau_s / (tau_m - tau_s) and a = u + b the two modes come apart: a decays by exp(-dt/tau_m) a step, b by
 * exp(-dt/tau_s), and u = a - b. So a cell is the pair (a, b) and the step that they are of, whatever time has passed.
 */
export interface CellModel {
  readonly stepMs: number;
  readonly membraneMs: number;
  readonly synapseMs: number;
  /** Above rest. */
  readonly thresholdMv: number;
  /** Of one synapse. */
  readonly synapseMv: number;
  readonly kickMv: number;
  readonly delaySteps: number;
  readonly refractorySteps: number;
}

/** The published whole-brain model of the fly (Shiu et al. 2024, https://doi.org/10.1038/s41586-024-07763-9). */
export const SHIU: CellModel = {
  stepMs: 0.1,
  membraneMs: 20,
  synapseMs: 5,
  thresholdMv: 7,
  synapseMv: 0.275,
  kickMv: 68.75,
  delaySteps: 18,
  refractorySteps: 22,
};

/** Steps after which a cell without input is at rest: exp(-164) of what it was. */
export const SPAN = 1 << 15;

export interface Decay {
  /** `[SPAN]`: what is left of a and of b after so many steps. */
  readonly slow: Float64Array;
  readonly fast: Float64Array;
}

/** Each entry by one product from the one before, so that every engine holds the same bits. */
export function decayOf({ stepMs, membraneMs, synapseMs }: CellModel): Decay {
  const powers = (tauMs: number) => {
    const table = new Float64Array(SPAN);
    const factor = Math.exp(-stepMs / tauMs);
    table[0] = 1;
    for (let k = 1; k < SPAN; k++) table[k] = table[k - 1] * factor;
    return table;
  };
  return { slow: powers(membraneMs), fast: powers(synapseMs) };
}
