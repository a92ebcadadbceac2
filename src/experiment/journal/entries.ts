/** What the journal of an organoid run holds, by kind: checked when it is written by the compiler, when read by these. */
import { z } from "zod";
import { tuning } from "../control/tuning.ts";
import { CODES } from "../organoid/config.ts";
import { JournalError } from "./error.ts";
import type { Journal } from "./journal.ts";

/** Any number: losses can be NaN or infinite. */
const number = z.custom<number>((value) => typeof value === "number", "expected a number");
const numbers = z.array(number).readonly();
const job = { seed: z.int(), code: z.enum(CODES) };
const oneScore = z.object({
  /** Where the series is known ahead. */
  nllNats: number.optional(),
  accuracy: number,
  nrmse: number.nullable().optional(),
});
/** Of a probe; older runs lack some. */
const score = oneScore.extend({
  countAccuracy: number.optional(),
  /** Of several brains, each by itself; `accuracy` is then that of all together. */
  brains: z.array(oneScore).readonly().optional(),
});
export type KeptScore = z.infer<typeof score>;
const armCycle = { ...job, arm: z.string(), cycle: z.int().min(-1) };

/** What a method other than the organoid cycle says of a cycle of training. */
const methodNotes = z
  .object({
    /** Synapses changed one by one: the culture's step, how many, and by how much (leak conductances). */
    step: number,
    what: z.string(),
    changed: number,
    totalChange: number,
    largestChange: number,
    twinLoss: number,
    twinAccuracy: number,
    predictedLoss: number,
    gain: number,
    goodness: z.object({ positive: number, negative: number }),
    /** Shares of presentations. */
    rewarded: number,
    written: number,
    /** Of a count, where a model of learning was fitted (nats). */
    logLikelihood: number,
  })
  .partial();
export type MethodNotes = z.infer<typeof methodNotes>;

const channels = z.array(z.int().min(0)).readonly();

const shapes = {
  /** What the electrodes of each brain stand for: places of a datum in their order, and each class's group. */
  roles: z.object({
    ...job,
    cycle: z.int(),
    brains: z.array(z.object({ sensory: channels, assigned: z.array(channels).readonly() })).readonly(),
  }),
  /** A fit of the emulator; cycle 0 is the first, on babbling. */
  refit: z.object({ ...job, cycle: z.int(), autoencoderLoss: number, dynamicsLoss: number }),
  /** A cycle of the descent, one item per presentation. Older runs lack some. */
  cycle: z.object({
    ...job,
    cycle: z.int(),
    crossEntropy: numbers,
    forecast: z.array(numbers).readonly().optional(),
    nextClass: numbers.optional(),
    overlap: numbers.optional(),
    correlation: numbers.optional(),
    priorError: numbers,
    /** Electrodes written to. */
    writes: z.array(numbers).readonly().optional(),
  }),
  probe: score.extend(armCycle),
  /** All that can be shown of a probe, of the first and the last of each arm. */
  shown: z.object({
    ...armCycle,
    firstStep: z.int(),
    accuracy: number,
    countAccuracy: number.optional(),
    nllNats: number,
    truth: numbers,
    predicted: numbers,
    labels: numbers,
    latent: z.array(numbers).readonly(),
    explained: numbers,
  }),
  /** Pong as it was played in the first and the last probe of each arm (`CourtTrack`): little-endian float32 in base64. */
  court: z.object({
    ...armCycle,
    paddleSize: number,
    places: z.base64(),
    /** Of each step: h for a ball returned, m for one missed, a point for neither. */
    events: z.string(),
  }),
  /** Mean weights between electrodes, `[from, to]`: little-endian float32 in base64. */
  weights: z.object({ ...armCycle, mean: z.base64() }),
  method: methodNotes.extend(armCycle),
  /** What a cycle of training was tuned to. */
  tuning: tuning.extend({ ...job, cycle: z.int() }),
};

type Entries = { [Kind in keyof typeof shapes]: z.infer<(typeof shapes)[Kind]> };
const schemas: { readonly [Kind in keyof Entries]: z.ZodType<Entries[Kind]> } = shapes;

export type EntryKind = keyof Entries;
export type EntryOf<Kind extends EntryKind> = Entries[Kind];
/** An entry on its way to the journal. */
export type JournalEntry = {
  [Kind in EntryKind]: { readonly about: Kind; readonly value: EntryOf<Kind> };
}[EntryKind];

/** Under which the kind `tuning` keeps what cycles to come are tuned to; its other keys are cycles that have begun. */
const NOW = "now";

/** Writes an entry by its key, so that what a resumed run does again replaces what it did before. */
export function putEntry(journal: Journal, { about, value }: JournalEntry): void {
  const { seed, code, cycle } = value;
  const place = "arm" in value ? [seed, code, value.arm, cycle] : [seed, code, cycle];
  journal.put(about, place.join("-"), value);
}

/** All entries of a kind, by key. Throws `JournalError` if one is not what it should be. */
export function entriesOf<Kind extends EntryKind>(journal: Journal, kind: Kind): EntryOf<Kind>[] {
  return journal
    .list(kind)
    .filter(({ key }) => key !== NOW)
    .map(({ key, value }) => {
      const read = schemas[kind].safeParse(value);
      if (read.success) return read.data;
      throw new JournalError(
        `journal: expected an entry ${kind} at ${key}, got another (${z.prettifyError(read.error)}); show or continue the run with the wetgrad that made it`,
      );
    });
}

/** What cycles to come were tuned to when the run stopped. */
export function readTuning(journal: Journal): z.infer<typeof tuning> | undefined {
  return tuning.optional().parse(journal.get("tuning", NOW));
}

/** Of a job that is done: the score of every probe, by arm. */
export function putOutcome(
  journal: Journal,
  { seed, code }: { readonly seed: number; readonly code: string },
  arms: Readonly<Record<string, readonly KeptScore[]>>,
): void {
  journal.put("outcome", `${seed}-${code}`, arms);
}

export function putTuning(journal: Journal, now: z.infer<typeof tuning>): void {
  journal.put("tuning", NOW, now);
}
