/** What the page and the worker of a vat say to each other. */
import type { Asked, Mind, PlayedOn } from "../../choir.ts";
import type { Tune } from "../../deeds.ts";
import type { Court, PongStep } from "../../pong.ts";

/** How many brains, and how large. */
export interface VatSize {
  readonly brains: number;
  readonly neurons: number;
}

export interface VatGrowth extends VatSize {
  readonly seed: number;
  readonly isTaught: boolean;
}

/** Requests are done in their order; each is answered by one `VatTell` of the same name, the last of what it tells. */
export type VatAsk =
  | ({ readonly kind: "grow-choir"; readonly tune: Tune } & VatGrowth)
  | { readonly kind: "teach-choir" | "play-choir" }
  | ({ readonly kind: "grow-pong" } & VatGrowth)
  | { readonly kind: "play-pong"; readonly isLesson: boolean }
  | { readonly kind: "move-pong"; readonly court: Court };

export type VatTell =
  | { readonly kind: "brain-grown"; readonly brain: number }
  | { readonly kind: "grow-choir" | "teach-choir"; readonly asked: Asked }
  | { readonly kind: "play-choir"; readonly played: Readonly<Record<Mind, PlayedOn>> }
  | { readonly kind: "grow-pong" }
  | { readonly kind: "pong-step"; readonly step: PongStep }
  | { readonly kind: "play-pong"; readonly isLesson: boolean; readonly hits: number; readonly misses: number }
  | { readonly kind: "move-pong"; readonly move: number; readonly votes: Float64Array }
  | { readonly kind: "failed"; readonly message: string };
