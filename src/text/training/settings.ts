/** How an AdaVAE is trained. The defaults are those of the ten-minute run. */
import { ADAVAE_SHAPE, type AdaVaeShape } from "../adavae/shape.ts";
import type { TransformerConfig } from "../model/config.ts";

export interface TextSettings {
  readonly seed: number;
  readonly config: TransformerConfig;
  readonly shape: AdaVaeShape;
  /** Tokens of a batch, about. */
  readonly tokens: number;
  /** Peak of both stages' learning rates. */
  readonly learningRate: number;
  /** Share of the budget for the base. */
  readonly baseShare: number;
  /** Weight of KL once it has risen. */
  readonly beta: number;
  /** Least KL of a dimension that counts, nats. */
  readonly freeBits: number;
  /** How often beta rises anew (Fu et al. 2019, https://arxiv.org/abs/1903.10145); 1: once. */
  readonly cycles: number;
  /** Share of the decoder's inputs that are hidden. */
  readonly hide: number;
  /** Share of the sentences decoded without z, so that the decoder stays a language model. */
  readonly withoutLatent: number;
  /** Whether the base stays as it is and only adapters train. */
  readonly frozen: boolean;
}

export const TEXT_DEFAULTS: Omit<TextSettings, "seed" | "config"> = {
  shape: ADAVAE_SHAPE,
  tokens: 1280,
  learningRate: 3e-3,
  baseShare: 0.1,
  beta: 0.1,
  freeBits: 0,
  cycles: 1,
  hide: 0.2,
  withoutLatent: 0.05,
  frozen: false,
};

/** Least tokens of warm-up matter little; the first steps must be small. */
const WARM_UP_STEPS = 100;
const FLOOR = 0.01;

/** The learning rate after `step` steps, at `share` of the budget. */
export function learningRateAt(peak: number, step: number, share: number): number {
  const cosine = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, share)));
  return peak * Math.min(1, (step + 1) / WARM_UP_STEPS) * (FLOOR + (1 - FLOOR) * cosine);
}

/** The weight of KL at `share` of a stage: in each cycle 0 for its first tenth, then rising for four tenths, then `beta`. */
export function betaAt({ beta, cycles }: Pick<TextSettings, "beta" | "cycles">, share: number): number {
  const within = share >= 1 ? 1 : (share * cycles) % 1;
  return beta * Math.min(1, Math.max(0, (within - 0.1) / 0.4));
}
