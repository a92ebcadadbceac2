/** From what an experiment says of itself, as it goes or in its journal, to what a page is told. */
import type { EntryOf } from "../../experiment/journal/entries.ts";
import type { BooksReport } from "../../experiment/live/books.ts";
import type { FitMessage, ProbeMessage, WriteMessage } from "../../experiment/live/messages.ts";
import { type MessageOf, WHOLE } from "../protocol.ts";
import { known } from "./known.ts";

/** Of one culture, by its number; or of all together, by the vat's seed. */
export type Whose = { readonly culture: number } | { readonly seed: number };

function whose(of: Whose): { culture: number; seed?: number } {
  return "seed" in of ? { culture: WHOLE, seed: of.seed } : of;
}

/** A write, as far as it is known. */
export type Write = Pick<WriteMessage, "cycle" | "presentation"> & {
  readonly [Key in keyof Omit<WriteMessage, "about" | "cycle" | "presentation">]?:
    | WriteMessage[Key]
    | undefined;
};

export function writeMessage(of: Whose, write: Write): MessageOf<"write"> {
  const { cycle, presentation, forecast, nextClass, crossEntropy, priorError, overlap, correlation } = write;
  return {
    kind: "write",
    cycle,
    presentation,
    forecast,
    nextClass,
    crossEntropy: known(crossEntropy),
    priorError: known(priorError),
    overlap: known(overlap),
    correlation: known(correlation),
    ...whose(of),
  };
}

export function fitMessage(of: Whose, fit: Omit<FitMessage, "about">): MessageOf<"fit"> {
  const { cycle, autoencoderLoss, dynamicsLoss } = fit;
  return {
    kind: "fit",
    cycle,
    autoencoderLoss: known(autoencoderLoss),
    dynamicsLoss: known(dynamicsLoss),
    ...whose(of),
  };
}

/** `accuracy`: as the report reads it (`rightOf`). */
export function probeMessage(
  culture: number,
  accuracy: number,
  probe: Omit<ProbeMessage, "about" | "accuracy">,
): MessageOf<"probe"> {
  const { arm, cycle, firstStep, truth, predicted, labels, latent, explained } = probe;
  const shown = { firstStep, truth, predicted, labels: [...labels], latent, explained };
  return { kind: "probe", culture, arm, cycle, accuracy, shown };
}

export function ledgerMessage(
  culture: number,
  { electrodes, refusals, recentRefusals }: Pick<BooksReport, "electrodes" | "refusals" | "recentRefusals">,
): MessageOf<"ledger"> {
  return {
    kind: "ledger",
    culture,
    refusals,
    electrodes: electrodes.map(({ channel, pulses, chargeNc, netChargeNc, refusals: refused }) => ({
      channel,
      pulses,
      chargeNc,
      netChargeNc,
      refusals: refused,
    })),
    recentRefusals: recentRefusals.map((refusal) => ({ ...refusal })),
  };
}

/** Pong of a probe, as it is drawn: from the top down, where the game counts from the bottom up. */
export function courtMessage(entry: EntryOf<"court">): MessageOf<"court"> {
  const { seed, arm, cycle, paddleSize, events } = entry;
  const bytes = Uint8Array.from(Buffer.from(entry.places, "base64"));
  const places = Array.from(new Float32Array(bytes.buffer), (place, i) => (i % 3 === 0 ? place : 1 - place));
  // A thousandth of a court is less than a pixel.
  return {
    kind: "court",
    seed,
    arm,
    cycle,
    paddleSize,
    events,
    places: places.map((p) => Math.round(1000 * p) / 1000),
  };
}

/** The roles of every brain of a job; `first` is the number of its first culture. */
export function rolesMessages(first: number, { brains }: EntryOf<"roles">): MessageOf<"roles">[] {
  return brains.map(({ sensory, assigned }, brain) => ({
    kind: "roles",
    culture: first + brain,
    sensory: [...sensory],
    assigned: assigned.map((group) => [...group]),
  }));
}
