/**
 * The joint emulator's shapes. A base is shared by all brains; each brain has low-rank experts of its own on every large
 * map (Hu et al. 2021, https://arxiv.org/abs/2106.09685); brains see each other by attention in the dynamics.
 *
 * Channels stand in the order of their roles (sensory places, then the prediction zone), not of their numbers, so
 * that a channel means the same in every brain whatever its scaffold's layout.
 *
 * Legend of all files here: R vat steps, N brains, B bins, C channels, Z latents, H hidden, D width, K classes, r rank,
 * P places of a datum.
 */

import type { Sight } from "../contract.ts";

export interface JointShape {
  readonly brains: number;
  readonly bins: number;
  readonly channels: number;
  readonly latents: number;
  readonly hidden: number;
  readonly width: number;
  readonly heads: number;
  /** Layers of attention across brains. */
  readonly layers: number;
  readonly rank: number;
  readonly places: number;
  readonly classes: number;
  readonly sight: Sight;
}

export const JOINT_DEFAULTS = {
  latents: 32,
  hidden: 96,
  width: 48,
  heads: 4,
  layers: 1,
  rank: 4,
} as const;
