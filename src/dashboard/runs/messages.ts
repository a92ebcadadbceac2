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

export function probeMessage(culture: number, probe: Omit<ProbeMessage, "about">): MessageOf<"probe"> {
  const { arm, cycle, accuracy, firstStep, truth, predicted, labels, latent, explained } = probe;
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

/** The roles of every brain of a job; `first` is the number of its first culture. */
export function rolesMessages(first: number, { brains }: EntryOf<"roles">): MessageOf<"roles">[] {
  return brains.map(({ sensory, assigned }, brain) => ({
    kind: "roles",
    culture: first + brain,
    sensory: [...sensory],
    assigned: assigned.map((group) => [...group]),
  }));
}
