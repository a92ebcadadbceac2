/** Settings of sparse autoencoders (learner.ts), and what is used without others. */
import type { Transform } from "../transform.ts";

export interface SaeSettings {
  readonly steps: number;
  readonly batch: number;
  /** Latents of a window, on average. */
  readonly k: number;
  readonly learningRate: number;
  readonly transform: Transform;
  /** Of JumpReLU: cost of an active latent, in units of the mean square of the inputs, and width of the rectangle. */
  readonly jumpCost: number;
  readonly jumpWidth: number;
}

export const SAE_SETTINGS: SaeSettings = {
  steps: 2500,
  batch: 512,
  k: 4,
  learningRate: 2e-3,
  transform: "root",
  jumpCost: 0.03,
  jumpWidth: 0.5,
};
