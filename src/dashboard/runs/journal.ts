/** What the journal of an organoid run has kept, as messages: of a saved run, and of one that is continued. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { OrganoidConfig } from "../../experiment/config.ts";
import { AS_PLANNED } from "../../experiment/control/tuning.ts";
import { type EntryOf, entriesOf } from "../../experiment/journal/entries.ts";
import { Journal, JournalError } from "../../experiment/journal/journal.ts";
import { jobsOf, RUN_FORMAT } from "../../experiment/run.ts";
import type { Feed } from "../feed.ts";
import type { MessageOf } from "../protocol.ts";
import { clean } from "./clean.ts";

export function cultureOf(config: OrganoidConfig, { seed, code }: { seed: number; code: string }): number {
  return jobsOf(config).findIndex((job) => job.seed === seed && job.code === code);
}

/** Mean weights between electrodes, `[from, to]`, as they were after a cycle of an arm. */
export interface WeightMap {
  readonly culture: number;
  readonly arm: string;
  readonly cycle: number;
  readonly mean: Float32Array;
}

/** Tells a feed what the journal of a run's folder holds, if there is one; gives the weights. */
export function tellJournal(feed: Feed, folder: string, config: OrganoidConfig): WeightMap[] {
  const path = join(folder, "journal.sqlite");
  if (!existsSync(path)) return [];
  let journal: Journal | undefined;
  try {
    journal = Journal.open(path, RUN_FORMAT);
    tellEntries(feed, journal, config);
    return entriesOf(journal, "weights").map(({ mean, arm, cycle, ...job }) => {
      const bytes = Uint8Array.from(Buffer.from(mean, "base64"));
      return { culture: cultureOf(config, job), arm, cycle, mean: new Float32Array(bytes.buffer) };
    });
  } catch (error) {
    // In use by a run that is going on in another process, or not readable: the rest can be shown.
    if (!(error instanceof JournalError)) throw error;
    feed.say({ kind: "log", atMs: 0, level: "warning", text: error.message });
    return [];
  } finally {
    journal?.close();
  }
}

function tellEntries(feed: Feed, journal: Journal, config: OrganoidConfig): void {
  for (const entry of entriesOf(journal, "cycle")) tellCycle(feed, entry, config);
  for (const { cycle, autoencoderLoss, dynamicsLoss, ...job } of entriesOf(journal, "refit"))
    feed.say({ kind: "fit", culture: cultureOf(config, job), cycle, autoencoderLoss, dynamicsLoss });
  for (const probe of barestProbes(journal, config)) feed.say(probe);
  for (const { seed, code, ...probe } of entriesOf(journal, "shown"))
    feed.say({ ...probe, kind: "probe", culture: cultureOf(config, { seed, code }) });
  tellEvents(feed, journal);
}

function tellCycle(feed: Feed, entry: EntryOf<"cycle">, config: OrganoidConfig): void {
  const { cycle } = entry;
  const culture = cultureOf(config, entry);
  entry.crossEntropy.forEach((crossEntropy, presentation) => {
    feed.say({
      kind: "write",
      culture,
      cycle,
      presentation,
      forecast: entry.forecast?.[presentation] ?? [],
      nextClass: entry.nextClass?.[presentation] ?? 0,
      crossEntropy: clean(crossEntropy),
      priorError: clean(entry.priorError[presentation]),
      overlap: clean(entry.overlap?.[presentation] ?? 0),
      correlation: clean(entry.correlation?.[presentation] ?? 0),
    });
  });
}

/** What happened, as far as the journal has it: it keeps no times of day. */
function tellEvents(feed: Feed, journal: Journal): void {
  const say = (level: MessageOf<"log">["level"], text: string) =>
    feed.say({ kind: "log", atMs: 0, level, text });
  for (const { seed, code, cycle, plasticity } of entriesOf(journal, "tuning"))
    if (plasticity !== AS_PLANNED.plasticity)
      say(
        "warning",
        `seed ${seed}, ${code} code, cycle ${cycle + 1}: plasticity ${plasticity} times the plan's`,
      );
  for (const { seed, code, arm, cycle, accuracy } of entriesOf(journal, "probe"))
    say(
      "info",
      `seed ${seed}, ${code} code: ${arm}, cycle ${cycle + 1}: ${(100 * accuracy).toFixed(1)} % right`,
    );
}

/** The last probe of each culture and arm, as scores alone: all that there is of a run that is not done. */
function barestProbes(journal: Journal, config: OrganoidConfig): MessageOf<"probe">[] {
  const last = new Map<string, MessageOf<"probe">>();
  for (const { seed, code, arm, cycle, accuracy, nllNats } of entriesOf(journal, "probe")) {
    const culture = cultureOf(config, { seed, code });
    const key = `${culture}:${arm}`;
    if ((last.get(key)?.cycle ?? -1) > cycle) continue;
    last.set(key, {
      kind: "probe",
      culture,
      arm,
      cycle,
      accuracy,
      nllNats: clean(nllNats),
      firstStep: 0,
      truth: [],
      predicted: [],
      labels: [],
      latent: [],
      explained: [],
    });
  }
  return [...last.values()];
}
