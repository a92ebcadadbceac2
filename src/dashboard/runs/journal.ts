/** What the journal of a run has kept, as messages: of a saved run, and of one that is continued. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AS_PLANNED } from "../../experiment/control/tuning.ts";
import { RUN_FORMAT } from "../../experiment/folder.ts";
import { type EntryOf, entriesOf } from "../../experiment/journal/entries.ts";
import { Journal, JournalError } from "../../experiment/journal/journal.ts";
import { type Experiment, planOf } from "../../experiment/plans.ts";
import type { WorldEvent } from "../../tasks/contract.ts";
import { countRallies } from "../../tasks/pong/pong-game.ts";
import type { Feed } from "../feed.ts";
import { placeText } from "../place.ts";
import type { MessageOf } from "../protocol.ts";
import { cultureIndex, rightOf, whoOf } from "./describe.ts";
import {
  courtMessage,
  fitMessage,
  probeMessage,
  rolesMessages,
  type Whose,
  writeMessage,
} from "./messages.ts";

/** Mean weights between electrodes, `[from, to]`, as they were after a cycle of an arm. */
export interface WeightMap {
  readonly culture: number;
  readonly arm: string;
  readonly cycle: number;
  readonly mean: Float32Array;
}

/** Tells a feed what the journal of a run's folder holds, if there is one; gives the weights. */
export function tellJournal(feed: Feed, folder: string, experiment: Experiment): WeightMap[] {
  const path = join(folder, "journal.sqlite");
  if (!existsSync(path)) return [];
  let journal: Journal | undefined;
  try {
    journal = Journal.open(path, RUN_FORMAT);
    return new JournalTeller(feed, journal, experiment).tell();
  } catch (error) {
    // In use by a run that is going on in another process, or not readable: the rest can be shown.
    if (!(error instanceof JournalError)) throw error;
    feed.say({ kind: "log", level: "warning", text: error.message });
    return [];
  } finally {
    journal?.close();
  }
}

interface SeedAndCode {
  readonly seed: number;
  readonly code: string;
}

/** The letters of a court's events. */
const EVENTS: Readonly<Record<string, WorldEvent>> = { h: "hit", m: "miss" };

class JournalTeller {
  private readonly cultureOf: ReturnType<typeof cultureIndex>;

  constructor(
    private readonly feed: Feed,
    private readonly journal: Journal,
    private readonly experiment: Experiment,
  ) {
    this.cultureOf = cultureIndex(experiment);
  }

  tell(): WeightMap[] {
    const { feed, journal, cultureOf } = this;
    for (const entry of entriesOf(journal, "roles"))
      for (const message of rolesMessages(cultureOf(entry), entry)) feed.say(message);
    for (const entry of entriesOf(journal, "cycle")) this.tellCycle(entry);
    for (const entry of entriesOf(journal, "refit")) feed.say(fitMessage(this.whose(entry), entry));
    if (this.experiment.kind === "organoid") this.tellProbes();
    else this.tellVatProbes();
    for (const entry of entriesOf(journal, "court")) feed.say(courtMessage(entry));
    this.tellEvents();
    return entriesOf(journal, "weights").map(({ mean, arm, cycle, ...job }) => {
      const bytes = Uint8Array.from(Buffer.from(mean, "base64"));
      return { culture: cultureOf(job), arm, cycle, mean: new Float32Array(bytes.buffer) };
    });
  }

  /** An entry is of one culture, or of all brains of a vat. */
  private whose({ seed, code }: SeedAndCode): Whose {
    return this.experiment.kind === "vat" ? { seed } : { culture: this.cultureOf({ seed, code }) };
  }

  private tellCycle(entry: EntryOf<"cycle">): void {
    const { feed, experiment } = this;
    const of = this.whose(entry);
    const { cycle, crossEntropy, priorError, forecast, nextClass } = entry;
    const N = planOf(experiment).brains;
    const meanOf = (values: readonly number[] | undefined, index: number) =>
      values?.slice(index * N, (index + 1) * N).reduce((sum, value) => sum + value / N, 0);
    crossEntropy.forEach((nats, presentation) => {
      feed.say(
        writeMessage(of, {
          cycle,
          presentation,
          // Of a vat, what each brain was asked and answered does not stand for all of them.
          forecast: experiment.kind === "vat" ? undefined : forecast?.[presentation],
          nextClass: experiment.kind === "vat" ? undefined : nextClass?.[presentation],
          crossEntropy: nats,
          priorError: priorError[presentation],
          overlap: meanOf(entry.overlap, presentation),
          correlation: meanOf(entry.correlation, presentation),
        }),
      );
    });
  }

  /** The last probe of each culture and arm as a score, and whole where it was kept whole. */
  private tellProbes(): void {
    const { feed, journal, cultureOf, experiment } = this;
    const last = new Map<string, MessageOf<"probe">>();
    for (const { arm, cycle, accuracy: byBridge, countAccuracy, ...job } of entriesOf(journal, "probe")) {
      const culture = cultureOf(job);
      const accuracy = rightOf(experiment, job.code, { accuracy: byBridge, countAccuracy });
      const key = `${culture}:${arm}`;
      if ((last.get(key)?.cycle ?? -1) <= cycle)
        last.set(key, { kind: "probe", culture, arm, cycle, accuracy });
    }
    for (const probe of last.values()) feed.say(probe);
    for (const entry of entriesOf(journal, "shown"))
      feed.say(probeMessage(cultureOf(entry), rightOf(experiment, entry.code, entry), entry));
  }

  /** Of a vat every probe, the latest last, as a live one tells them. */
  private tellVatProbes(): void {
    const { feed, journal } = this;
    const rallies = new Map(
      entriesOf(journal, "court").map(({ seed, arm, cycle, events }) => [
        `${seed}:${arm}:${cycle}`,
        countRallies(Array.from(events, (letter) => EVENTS[letter] ?? null)).hitsPerRally,
      ]),
    );
    for (const { seed, arm, cycle, accuracy, brains = [] } of entriesOf(journal, "probe").sort(
      (a, b) => a.cycle - b.cycle,
    ))
      feed.say({
        ...{ kind: "vatProbe", seed, arm, cycle, together: accuracy },
        alone:
          brains.length === 0
            ? accuracy
            : brains.reduce((sum, brain) => sum + brain.accuracy / brains.length, 0),
        hitsPerRally: rallies.get(`${seed}:${arm}:${cycle}`),
      });
  }

  /** What happened, as far as the journal has it: it keeps no times of day. */
  private tellEvents(): void {
    const { journal, experiment } = this;
    const say = (level: MessageOf<"log">["level"], text: string) =>
      this.feed.say({ kind: "log", level, text });
    for (const { cycle, plasticity, ...job } of entriesOf(journal, "tuning"))
      if (plasticity !== AS_PLANNED.plasticity)
        say(
          "warning",
          `${whoOf(experiment, job)}, cycle ${cycle + 1}: plasticity ${plasticity} times the plan's`,
        );
    for (const { brains = [], ...entry } of entriesOf(journal, "probe")) {
      const accuracy = rightOf(experiment, entry.code, entry);
      const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
      const each = brains.map((brain) => brain.accuracy);
      const right =
        each.length > 1
          ? `together ${percent(accuracy)} right, each ${percent(Math.min(...each))} to ${percent(Math.max(...each))}`
          : `${percent(accuracy)} right`;
      say("info", `${whoOf(experiment, entry)}: ${placeText({ ...entry, phase: "probe" })}, ${right}`);
    }
  }
}
