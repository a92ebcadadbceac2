/** A reader's folder as what a page is told of it: its report, and of one that is written to its journal. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { DEFAULT_SCAFFOLD, scaffolds } from "../../../device/simulated/scaffolds.ts";
import { Journal, JournalError } from "../../../experiment/journal/journal.ts";
import { layoutFor } from "../../../protocol/layout.ts";
import { readingCulture } from "../../../reading/brain/culture-reading.ts";
import { NAMES } from "../../../reading/report/page.ts";
import type { ReadingReport } from "../../../reading/report/report.ts";
import { reportPaths } from "../../../report/files.ts";
import type { WritingConfig } from "../../../writing/config.ts";
import { JOURNAL, type KeptLesson, LESSON, WRITING_FORMAT } from "../../../writing/folder.ts";
import type { WritingReport } from "../../../writing/report/schema.ts";
import { HEARD, type Heard } from "../../../writing/stretches.ts";
import type { Feed } from "../../feed.ts";
import type { MessageOf, RunMessage } from "../../protocol.ts";
import { readingFigures, readReaderReport, writingFigures } from "./report.ts";
import type { ReaderRun } from "./run.ts";

const scaffoldOf = (run: ReaderRun) => (run.kind === "reading" ? run.config.scaffold : DEFAULT_SCAFFOLD);
const seedsOf = (run: ReaderRun) =>
  run.kind === "reading"
    ? [run.config.seed]
    : Array.from({ length: run.config.seeds }, (_, i) => run.config.firstSeed + i);

export function describeReader(folder: string, run: ReaderRun): RunMessage {
  const scaffold = scaffoldOf(run);
  const { electrodes, framesPerSecond, name } = scaffolds[scaffold].profile;
  const seeds = seedsOf(run);
  const { neurons, preset } = readingCulture(seeds[0], scaffold);
  const isFinished = existsSync(reportPaths(folder).json);
  return {
    kind: "run",
    name: basename(folder),
    state: "saved",
    note: isFinished ? "" : "This run has not finished: the command that began it continues it.",
    experiment: run.kind,
    config: JSON.parse(JSON.stringify({ ...run.config, neurons, preset, scaffold })),
    cultures: seeds.map((seed) => ({ label: `seed ${seed}`, seed })),
    electrodes: electrodes.map(({ channel, xUm, yUm }) => ({ channel, xUm, yUm })),
    device: name,
    framesPerSecond,
  };
}

export function tellReader(feed: Feed, folder: string, run: ReaderRun): void {
  const { profile } = scaffolds[scaffoldOf(run)];
  seedsOf(run).forEach((seed, culture) => {
    const { sensory, prediction } = layoutFor(profile, seed, 8).roles;
    feed.say({ kind: "roles", culture, sensory: [...sensory], assigned: [[...prediction]] });
  });
  if (run.kind === "writing") tellJournal(feed, folder, run.config);
  if (!existsSync(reportPaths(folder).json)) return;
  const report = readReaderReport(folder);
  if (report.kind === "reading") tellReading(feed, report);
  else tellWriting(feed, report);
}

function tellReading(feed: Feed, report: ReadingReport): void {
  const { stimulated, neverStimulated, read, soFar = [], approach } = report;
  const named = Object.entries<readonly number[]>(approach ?? {}).map(
    ([name, cosines]) => [NAMES[name].says, cosines] as const,
  );
  feed.say({
    kind: "reading",
    ...{ stimulated, neverStimulated, read, soFar },
    approach: Object.fromEntries(named),
  });
  feed.say({ kind: "drawn", finished: 1, of: 1, figures: readingFigures(report) });
}

function tellWriting(feed: Feed, report: WritingReport): void {
  const { config, sentences, notes } = report;
  const { seeds, firstSeed } = config;
  feed.say({ kind: "drawn", finished: seeds, of: seeds, figures: writingFigures(report) });
  feed.say({
    kind: "sentences",
    sentences: sentences.map(({ seed, ...rest }) => ({ ...rest, culture: seed - firstSeed })),
  });
  for (const text of [...notes].reverse()) feed.say({ kind: "log", level: "info", text });
}

function tellJournal(feed: Feed, folder: string, config: WritingConfig): void {
  const path = join(folder, JOURNAL);
  if (!existsSync(path)) return;
  let journal: Journal | undefined;
  try {
    journal = Journal.open(path, WRITING_FORMAT);
    for (const message of writingMessages(journal, config)) feed.say(message);
  } catch (error) {
    // In use by a run that is going on in another process, or not readable.
    if (!(error instanceof JournalError)) throw error;
    feed.say({ kind: "log", level: "warning", text: error.message });
  } finally {
    journal?.close();
  }
}

/** What the journal of a run holds, culture by culture. */
function* writingMessages(
  journal: Journal,
  { firstSeed }: WritingConfig,
): Generator<MessageOf<"lesson" | "heard">> {
  const cultureOf = (key: string) => Number(key.split("-")[0]) - firstSeed;
  for (const { key, value } of journal.list(LESSON))
    yield { kind: "lesson", culture: cultureOf(key), ...(value as unknown as KeptLesson) };
  for (const { key, value } of journal.list(HEARD)) {
    const [, ...name] = key.split("-");
    const phase = name.pop() ?? "";
    yield {
      kind: "heard",
      ...{ culture: cultureOf(key), arm: name.join("-"), phase },
      ...(value as unknown as Heard),
    };
  }
}
