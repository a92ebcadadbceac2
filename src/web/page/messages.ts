/** What the page and the worker of a dish say to each other. */
import type { Deed } from "../deeds.ts";
import type { Heard } from "../dish.ts";

/** `index` counts the deeds of a dish from 0; they are done in their order. */
export type Ask =
  | {
      readonly kind: "grow";
      readonly seed: number;
      readonly isTaught: boolean;
      /** Whether its cells are drawn: their spikes are sent only then. */
      readonly isShown: boolean;
    }
  | { readonly kind: "perform"; readonly index: number; readonly deed: Deed; readonly isPaced: boolean }
  | { readonly kind: "refusal" };

export interface Film {
  readonly kind: "film";
  readonly positionsMm: Float32Array;
  readonly excitatoryCount: number;
  readonly widthMm: number;
  /** Some of the synapses: from, to, and the day on which each is born. */
  readonly pre: Uint16Array;
  readonly post: Uint16Array;
  readonly bornDay: Float32Array;
}

/** Spikes of cells in a stretch of the dish's own time. */
export interface Flashes {
  readonly neurons: Uint16Array;
  /** From the beginning of the stretch. */
  readonly atMs: Float32Array;
  readonly durationMs: number;
}

export interface Place {
  readonly channel: number;
  readonly xUm: number;
  readonly yUm: number;
}

/** Synapses that gained most since the dish was grown. */
export interface Learned {
  readonly pre: Uint16Array;
  readonly post: Uint16Array;
  /** 0 to 1, of the largest possible. */
  readonly gain: Float32Array;
}

export type Tell =
  | Film
  | { readonly kind: "life"; readonly flashes: Flashes }
  | { readonly kind: "grown"; readonly electrodes: readonly Place[]; readonly neurons: number }
  | {
      readonly kind: "heard";
      readonly index: number;
      readonly heard: Heard;
      readonly flashes: Flashes | null;
    }
  | {
      readonly kind: "progress";
      readonly index: number;
      /** 0 to 1. */
      readonly share: number;
    }
  | { readonly kind: "done"; readonly index: number; readonly learned: Learned | null; readonly bits: string }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };
