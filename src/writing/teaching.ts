/** Training and tests: contexts in a random order that is the same for all arms, with what an arm writes; and contexts alone. */
import { Random } from "../math/random.ts";
import { applyRidgeMap } from "../reading/brain/ridge.ts";
import { cosine } from "../text/metrics/retrieval.ts";
import { DESCENTS, type DescentName, type Variant } from "./arms.ts";
import type { WritingConfig } from "./config.ts";
import type { ImprovedEmulator } from "./models/descent.ts";
import { show, writeOf } from "./presenting.ts";
import type { Hear } from "./stretches.ts";
import type { KnownString, Pair } from "./strings.ts";
import type { Subject } from "./subject.ts";
import { type Measured, Tally } from "./tally.ts";

/** What is written at a presentation: channels, or null for nothing. */
export type Writer = (presentation: number, pair: number) => Promise<readonly number[] | null>;

export interface Taught {
  /** Channels by presentation; null where nothing was written. */
  readonly writes: readonly (readonly number[] | null)[];
  /** Over the second half: with the copies of what was written, and what the array itself read. */
  readonly while: Measured;
  readonly whileRead: Measured;
  readonly pulses: number;
  readonly refused: number;
}

export interface TeachOptions {
  readonly config: WritingConfig;
  readonly writer: Writer;
  readonly plasticity: number;
  /** Whether the contexts are shown. */
  readonly showsContext?: boolean;
  readonly reads?: Variant["reads"];
  readonly hear: Hear;
}

/** Which pair is presented when. */
export function orderOf({ presentations, pairs }: WritingConfig, seed: number): number[] {
  const random = Random.of(seed, "order of presentations");
  const order: number[] = [];
  while (order.length < presentations) order.push(...random.permutation(pairs));
  return order.slice(0, presentations);
}

export async function teach(
  { cultures, codes, lesson: { pairs, others }, decode, seed }: Subject,
  { config, writer, plasticity, showsContext = true, reads, hear }: TeachOptions,
): Promise<Taught> {
  const targets = pairs.map(({ target }) => target);
  const tallies = [new Tally(targets, others), new Tally(targets, others)];
  const writes: (readonly number[] | null)[] = [];
  const order = orderOf(config, seed);
  let [pulses, refused] = [0, 0];
  for (const [presentation, pair] of order.entries()) {
    const places = showsContext ? codes.placesOf(pairs[pair].context) : [];
    const channels = await writer(presentation, pair);
    writes.push(channels);
    const write = channels && writeOf(cultures, channels);
    const trial = { text: showsContext ? pairs[pair].context.text : "", target: pairs[pair].target.text };
    const answered = await show(cultures, { places, write, plasticity, trial });
    pulses += answered.pulses;
    refused += answered.refused;
    const said = await decode(answered.withCopies(), places, reads);
    const read = await decode(answered.read, places, reads);
    hear(pair, said, read);
    if (presentation < order.length / 2) continue;
    tallies[0].add(pair, said);
    tallies[1].add(pair, read);
  }
  const [withCopies, read] = tallies.map((tally) => tally.measured());
  return { writes, while: withCopies, whileRead: read, pulses, refused };
}

/** Contexts with nothing written and no plasticity. */
export async function probe(
  { cultures, codes, lesson: { others }, decode }: Subject,
  shown: readonly { readonly context: KnownString; readonly target: KnownString }[],
  { times, reads, hear }: { times: number; reads?: Variant["reads"]; hear: Hear },
): Promise<Measured> {
  const tally = new Tally(
    shown.map(({ target }) => target),
    others,
  );
  for (let time = 0; time < times; time++)
    for (const [pair, { context, target }] of shown.entries()) {
      const places = codes.placesOf(context);
      const trial = { text: context.text, target: target.text };
      const { read } = await show(cultures, { places, write: null, plasticity: 0, trial });
      const said = await decode(read, places, reads);
      hear(pair, said);
      tally.add(pair, said);
    }
  return tally.measured();
}

/** How the emulator came on, by presentation. */
export interface Improved {
  readonly losses: readonly number[];
  /** Over the second half: what Dec_aux reads off the improved emulator, and the share of the target's electrodes that it writes. */
  readonly cosine: number;
  readonly codeOverlap: number;
}

/** Writes what the improved emulator's state asks for. */
export function descendingWriter(
  subject: Subject,
  { emulator, arm, presentations }: { emulator: ImprovedEmulator; arm: DescentName; presentations: number },
): { writer: Writer; improved(): Improved } {
  const { reads } = DESCENTS[arm];
  const losses: number[] = [];
  const late: { cosine: number; overlap: number }[] = [];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
  return {
    async writer(presentation, pair) {
      const { context, target } = subject.lesson.pairs[pair];
      const patch = subject.contextPatch(subject.codes.placesOf(context));
      losses.push(await emulator.descend(patch, target.program));
      const displacement = await emulator.displacement(patch);
      const channels = subject.electrodesFor(displacement);
      if (presentation >= presentations / 2) {
        const read = reads === "patches" ? patch.map((value, i) => value + displacement[i]) : displacement;
        const own = subject.codes.channelsOf(target);
        late.push({
          cosine: cosine(applyRidgeMap(subject.bridge.decoders[reads], read), target.program),
          overlap: channels.filter((channel) => own.includes(channel)).length / own.length,
        });
      }
      return channels;
    },
    improved: () => ({
      losses,
      cosine: mean(late.map((one) => one.cosine)),
      codeOverlap: mean(late.map((one) => one.overlap)),
    }),
  };
}

/** A string that was never shown in the context's place, or another pair's context. */
export function inPlaceOf(pairs: readonly Pair[], contexts: readonly KnownString[]) {
  return pairs.map(({ target }, k) => ({ context: contexts[k], target }));
}
