/** One arm on one culture: training, then a test in which nothing is written; after the descent, its tissue scrambled, and contexts never shown. */
import { scrambledSources } from "../device/simulated/scramble.ts";
import { Random } from "../math/random.ts";
import { type ArmName, DESCENTS, isDescent, type Variant } from "./arms.ts";
import type { WritingConfig } from "./config.ts";
import type { DescentPrograms } from "./models/descent.ts";
import type { Phase, Stretches, StretchName } from "./stretches.ts";
import type { Strings } from "./strings.ts";
import type { Subject } from "./subject.ts";
import type { Measured } from "./tally.ts";
import {
  descendingWriter,
  type Improved,
  inPlaceOf,
  orderOf,
  probe,
  type Taught,
  teach,
  type Writer,
} from "./teaching.ts";

export interface UnitResult {
  readonly while?: Measured;
  readonly whileRead?: Measured;
  /** Afterwards, nothing written. */
  readonly after: Measured;
  /** The same by the decoder of the arm's own descent, where that reads patches. */
  readonly afterByOwn?: Measured;
  readonly writes?: Taught["writes"];
  readonly improved?: Improved;
  /** After the descent: with scrambled weights; contexts near to those that were shown, and any others. */
  readonly scrambled?: Measured;
  readonly near?: Measured;
  readonly far?: Measured;
  readonly pulses?: number;
  readonly refused?: number;
}

export interface UnitOptions {
  readonly config: WritingConfig;
  readonly subject: Subject;
  readonly strings: Strings;
  readonly programs: DescentPrograms;
  /** Of the descent, by presentation. */
  readonly descentWrites: () => Promise<Taught["writes"]>;
  readonly stretches: Stretches;
}

/** Before anything is taught: what untaught tissue says to the contexts. */
export async function runBefore(options: UnitOptions): Promise<UnitResult> {
  const { cultures, begin, lesson } = options.subject;
  await cultures.restore(begin);
  return { after: await tested(options, { arm: "common", phase: "probe" }, lesson.pairs) };
}

export async function runUnit(arm: ArmName, options: UnitOptions): Promise<UnitResult> {
  const { config, subject, programs, stretches } = options;
  const { cultures, lesson, begin, bridge, seed } = subject;
  const plasticity = arm === "frozen" ? 0 : config.plasticity;
  const train = (writer: Writer, showsContext = true) =>
    stretches.keep(subject, { arm, phase: "train" }, (hear) =>
      teach(subject, { config, writer, plasticity, showsContext, hear }),
    );
  const test = (phase: Phase, shown: Shown = lesson.pairs, reads?: Variant["reads"]) =>
    tested(options, { arm, phase }, shown, reads);
  if (!isDescent(arm)) {
    const writer = await writerOf(arm, options);
    await cultures.restore(begin);
    const showsContext = arm !== "write-only";
    const taught = await train(writer, showsContext);
    return { ...kept(taught, showsContext), after: await test("probe") };
  }
  await cultures.restore(begin);
  const variant = DESCENTS[arm];
  const emulator = programs.begin(bridge, variant, Random.of(seed, "descent", arm));
  const { presentations } = config;
  const { writer, improved } = descendingWriter(subject, { emulator, arm, presentations });
  const taught = await train(writer);
  const after = await test("probe");
  const common = { ...kept(taught, true), improved: improved(), after };
  if (arm !== "descent")
    return variant.reads === "patches"
      ? { ...common, afterByOwn: await test("own", lesson.pairs, "patches") }
      : common;
  const near = await test("near", inPlaceOf(lesson.pairs, lesson.near));
  const far = await test("far", inPlaceOf(lesson.pairs, lesson.far));
  return { ...common, writes: taught.writes, near, far, scrambled: await testScrambled(options) };
}

type Shown = Parameters<typeof probe>[1];

function tested(
  { config, subject, stretches }: UnitOptions,
  name: StretchName,
  shown: Shown,
  reads?: Variant["reads"],
): Promise<Measured> {
  const times = config.probes;
  return stretches.keep(subject, name, (hear) =>
    probe(subject, shown, { times, hear, ...(reads && { reads }) }),
  );
}

/** Where no context was shown, what was decoded while it was written says nothing of one. */
function kept({ while: withCopies, whileRead, pulses, refused }: Taught, showsContext: boolean) {
  return { ...(showsContext && { while: withCopies, whileRead }), pulses, refused };
}

async function testScrambled(options: UnitOptions): Promise<Measured> {
  const { cultures, lesson, seed } = options.subject;
  const { tissue } = cultures;
  const image = await tissue.perform(0, { kind: "read-tissue" });
  const from = scrambledSources(image, false, Random.of(seed, "scramble"));
  await tissue.perform(0, { kind: "permute-synapses", from });
  return tested(options, { arm: "scrambled", phase: "probe" }, lesson.pairs);
}

async function writerOf(
  arm: Exclude<ArmName, keyof typeof DESCENTS>,
  { config, subject: { codes, lesson, seed }, strings, descentWrites }: UnitOptions,
): Promise<Writer> {
  switch (arm) {
    case "hand":
      return async (_, pair) => codes.channelsOf(lesson.pairs[pair].target);
    case "random": {
      const random = Random.of(seed, "random strings");
      return async () => codes.channelsOf(strings.babbled[random.integer(strings.babbled.length)]);
    }
    case "yoked": {
      return yoked(await descentWrites(), orderOf(config, seed), lesson.pairs.length);
    }
    case "frozen":
    case "write-only": {
      const writes = await descentWrites();
      return async (presentation) => writes[presentation];
    }
    case "sham":
    case "scrambled":
      return async () => null;
  }
}

/** Each pair is given what was written for the next one, in its turn: the same pulses, of other contexts. */
export function yoked(writes: Taught["writes"], order: readonly number[], pairs: number): Writer {
  const byPair = Array.from({ length: pairs }, (_, pair) => writes.filter((_, i) => order[i] === pair));
  const given = new Array<number>(pairs).fill(0);
  return async (_, pair) => {
    const theirs = byPair[(pair + 1) % pairs];
    return theirs[given[pair]++ % theirs.length] ?? null;
  };
}
