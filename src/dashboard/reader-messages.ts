/** What a page is told of cultures that read, and that are written to: a page with its gaze, lessons, and what was decoded. */
import { z } from "zod";

const finite = z.number();
const culture = z.int().min(0);
const channels = z.array(z.int().min(0)).readonly();
/** Times (ms) and channels. */
const events = z.array(z.tuple([finite, z.int().min(0)]).readonly()).readonly();
const candidate = z.object({ text: z.string(), cosine: finite });

/** Sentences as one culture read them: times in ms from the beginning of each. */
export const reading = z.object({
  kind: z.literal("reading"),
  stimulated: channels,
  neverStimulated: channels,
  read: z
    .array(
      z.object({
        text: z.string(),
        fixations: z
          .array(z.object({ word: z.int(), place: finite, onsetMs: finite, durationMs: finite }))
          .readonly(),
        shown: z.object({
          words: z.array(z.object({ word: z.int(), atMs: z.array(finite).readonly() })).readonly(),
          durationMs: finite,
        }),
        durationMs: finite,
        spikes: events,
        pulses: events,
      }),
    )
    .readonly(),
  /** Of each sentence, what was decoded once one word, two, ... had been read; nothing of older runs. */
  soFar: z
    .array(
      z
        .array(
          z.object({
            said: z.string(),
            cosine: finite,
            rank: z.int(),
            nearest: z.array(candidate).readonly(),
          }),
        )
        .readonly(),
    )
    .readonly(),
  /** Mean cosine to the sentence by words read, from what it is decoded. */
  approach: z.record(z.string(), z.array(finite).readonly()),
});

const known = z.object({ text: z.string(), program: z.array(finite).readonly() });

/** What a culture is shown, what each context is to bring to mind, and the strings that a target is looked for among. */
export const lesson = z.object({
  kind: z.literal("lesson"),
  culture,
  pairs: z.array(z.object({ context: z.string(), target: known })).readonly(),
  others: z.array(known).readonly(),
});

/** The programs that were decoded in a stretch, presentation by presentation: little-endian float32 in base64. */
export const heard = z.object({
  kind: z.literal("heard"),
  culture,
  arm: z.string(),
  phase: z.string(),
  pairs: z.array(z.int().min(0)).readonly(),
  said: z.base64(),
  /** By the array's spikes alone, where something was written. */
  read: z.base64().optional(),
});

/** What the text decoder said of each pair, by arm, nothing written. */
export const sentences = z.object({
  kind: z.literal("sentences"),
  sentences: z
    .array(
      z.object({
        culture,
        context: z.string(),
        target: z.string(),
        targetSaid: z.string(),
        said: z.record(z.string(), candidate),
      }),
    )
    .readonly(),
});
