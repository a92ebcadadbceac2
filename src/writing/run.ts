/**
 * The experiment: every arm on the culture of every seed, from the same snapshot. What is done is in the folder, arm by arm: the
 * same command goes on where it was stopped and ends with the same bits.
 *
 *   config.json      what the run is       journal.sqlite   results, lessons, what was decoded at each presentation
 *   recording.nwb    every spike, pulse and presentation; spool/ holds what is not in it yet
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Journal, type Json } from "../experiment/journal/journal.ts";
import { claimFolder } from "../files/claim.ts";
import { makeFolder } from "../files/folder.ts";
import type { TextRunOptions } from "../reading/run-options.ts";
import { NwbRun } from "../recording/nwb/run.ts";
import { cleanSpool } from "../recording/spool.ts";
import { StopFlag } from "../tissue/stop-flag.ts";
import { ARM_NAMES, type ArmName } from "./arms.ts";
import { type WritingConfig, writingConfig } from "./config.ts";
import { JOURNAL, keepConfig, keepLesson, WRITING_FORMAT } from "./folder.ts";
import { type DescentPrograms, descentPrograms } from "./models/descent.ts";
import { PATCH_NUMBERS } from "./models/patches.ts";
import { segmentsOf, writingSession } from "./recording.ts";
import { type Stretches, stretchesIn } from "./stretches.ts";
import { lessonOf, prepareStrings, type Strings } from "./strings.ts";
import { openSubject, type Subject } from "./subject.ts";
import { runBefore, runUnit, type UnitOptions, type UnitResult } from "./unit.ts";

/** What is known of one culture. */
export interface CultureResult {
  readonly seed: number;
  /** Mean cosine of what Dec_aux says of babbled writes that it was not fitted on. */
  readonly heldOutCosine: number;
  readonly before: UnitResult;
  readonly arms: Readonly<Partial<Record<ArmName, UnitResult>>>;
}

export interface WritingResults {
  readonly config: WritingConfig;
  readonly strings: Strings;
  readonly cultures: readonly CultureResult[];
}

/** Throws `WritingError` where the folder holds another run. */
export async function runWriting(asked: WritingConfig, options: TextRunOptions): Promise<WritingResults> {
  const config = writingConfig.parse(asked);
  const { folder, signal, codec, training, heldOut } = options;
  // What cannot be written leaves nothing in the folder.
  const strings = await prepareStrings(codec, { sentences: training, heldOut }, config);
  makeFolder(folder);
  const claim = claimFolder(folder);
  const stop = new StopFlag();
  const onAbort = () => stop.stop();
  signal?.addEventListener("abort", onAbort, { once: true });
  let recording: NwbRun | null = null;
  let journal: Journal | undefined;
  try {
    keepConfig(folder, config);
    journal = Journal.open(join(folder, JOURNAL), WRITING_FORMAT);
    const path = join(folder, "recording.nwb");
    const spool = join(folder, "spool");
    cleanSpool(spool);
    if (!existsSync(path))
      recording = await NwbRun.open(path, writingSession(config), spool, segmentsOf(config));
    const stretches = stretchesIn(journal, recording && spool);
    const programs = await descentPrograms(PATCH_NUMBERS, config.numbers);
    try {
      const cultures: CultureResult[] = [];
      for (let i = 0; i < config.seeds; i++)
        cultures.push(
          await runCulture(config, i, {
            ...{ ...options, journal, strings, programs, stop, stretches },
            onKept: () => recording?.advance(),
          }),
        );
      recording?.close();
      recording = null;
      rmSync(spool, { recursive: true, force: true });
      journal.tidy();
      return { config, strings, cultures };
    } finally {
      await programs.dispose();
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    recording?.abandon();
    journal?.close();
    claim.release();
  }
}

interface Held extends TextRunOptions {
  readonly journal: Journal;
  readonly strings: Strings;
  readonly programs: DescentPrograms;
  readonly stop: StopFlag;
  readonly stretches: Stretches;
  /** More stretches may be whole. */
  readonly onKept: () => void;
}

async function runCulture(config: WritingConfig, index: number, held: Held): Promise<CultureResult> {
  const { journal, strings, programs, signal, stop, stretches, onProgress, onKept } = held;
  const seed = config.firstSeed + index;
  keepLesson(journal, seed, lessonOf(strings, config.pairs, seed));
  const isStopped = () => stop.isStopped || signal?.aborted === true;
  // Grown only if something of it is not done.
  let subject: Promise<Subject> | undefined;
  const unit = async (name: string, work: (options: UnitOptions) => Promise<object>) => {
    const key = `${seed}-${name}`;
    const known = journal.get<Json>("unit", key);
    if (known !== undefined) return known as object;
    signal?.throwIfAborted();
    subject ??= openSubject(config, strings, { seed, stop, isStopped, stretches });
    try {
      const result = await work({
        config,
        subject: await subject,
        strings,
        programs,
        descentWrites,
        stretches,
      });
      signal?.throwIfAborted();
      // As it is read again: what is not in JSON is not in a result.
      const kept = JSON.parse(JSON.stringify(result)) as Json;
      journal.put("unit", key, kept);
      onKept();
      return kept as object;
    } catch (error) {
      signal?.throwIfAborted(); // the gate refuses pulses once it is stopped
      throw error;
    }
  };
  const armUnit = async (arm: ArmName) => (await unit(arm, (options) => runUnit(arm, options))) as UnitResult;
  const descentWrites = async () => {
    const { writes } = await armUnit("descent");
    if (!writes) throw new Error("internal: the descent kept no writes");
    return writes;
  };
  try {
    const { heldOutCosine } = (await unit("bridge", async (options) => ({
      heldOutCosine: options.subject.bridge.heldOutCosine,
    }))) as Pick<CultureResult, "heldOutCosine">;
    const before = (await unit("before", runBefore)) as UnitResult;
    const arms: Partial<Record<ArmName, UnitResult>> = {};
    // The descent first: others replay its writes.
    const order = ARM_NAMES.filter((arm) => config.arms.includes(arm));
    for (const [n, arm] of order.entries()) {
      if (arm === "scrambled") {
        const { scrambled } = await armUnit("descent");
        if (scrambled) arms[arm] = { after: scrambled };
      } else arms[arm] = await armUnit(arm);
      onProgress?.(index * order.length + n + 1, config.seeds * order.length, `${arm}, culture ${seed}`);
    }
    return { seed, heldOutCosine, before, arms };
  } finally {
    await (await subject?.catch(() => undefined))?.close();
  }
}

/** The strings of a culture, as they were drawn for it. */
export const lessonFor = ({ config, strings }: WritingResults, seed: number) =>
  lessonOf(strings, config.pairs, seed);
