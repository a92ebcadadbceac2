/** A saved run as what a page is told of it: its report, its journal, and its recording to replay, as far as it has them. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { organoidConfig } from "../../../experiment/organoid/config.ts";
import type { Experiment } from "../../../experiment/plans.ts";
import type { WritingConfig } from "../../../writing/config.ts";
import { Feed } from "../../feed.ts";
import type { ServerMessage } from "../../protocol.ts";
import { describeRun } from "../describe.ts";
import type { Kept } from "../folder.ts";
import { tellJournal } from "../journal.ts";
import { describeReader, tellReader } from "../readers/open.ts";
import { isReader, type ReaderRun } from "../readers/run.ts";
import { savedReport } from "../report.ts";
import { SavedRecording } from "./recording.ts";

export interface SavedRun {
  readonly messages: readonly ServerMessage[];
  /** Null where the run has kept none. */
  readonly recording: SavedRecording | null;
}

export async function openSaved(folder: string, experiment: Kept): Promise<SavedRun> {
  if (isReader(experiment)) return openReader(folder, experiment);
  const recording = await SavedRecording.of(folder, experiment);
  const feed = new Feed();
  const isFinished = existsSync(join(folder, "report.json"));
  const note = isFinished ? "" : "This run has not finished: continue it under Control.";
  feed.say(describeRun(basename(folder), experiment, { state: "saved", note }));
  const weights = tellJournal(feed, folder, experiment);
  for (const message of savedReport(folder, experiment)) feed.say(message);
  if (recording) {
    recording.weights(weights);
    tellRecording(feed, recording);
  }
  return { messages: feed.retained(), recording };
}

async function openReader(folder: string, run: ReaderRun): Promise<SavedRun> {
  // A culture that reads for an hour is one stretch: its sentences are replayed from its report.
  const recording = run.kind === "writing" ? await SavedRecording.of(folder, likeSeries(run.config)) : null;
  const feed = new Feed();
  feed.say(describeReader(folder, run));
  tellReader(feed, folder, run);
  if (recording) tellRecording(feed, recording);
  return { messages: feed.retained(), recording };
}

/** What a recording is read by, the array and which culture is which, is that of a series on the same seeds. */
function likeSeries({ seeds, firstSeed }: WritingConfig): Experiment {
  const config = organoidConfig.parse({ series: "henon", seeds, firstSeed, codes: ["assigned"] });
  return { kind: "organoid", config };
}

function tellRecording(feed: Feed, recording: SavedRecording): void {
  for (const ledger of recording.ledgers()) feed.say(ledger);
  feed.say(recording.contents());
}
