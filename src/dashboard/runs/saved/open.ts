/** A saved run as what a page is told of it: its report, its journal, and its recording to replay, as far as it has them. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { DEFAULT_SCAFFOLD, scaffolds } from "../../../device/simulated/scaffolds.ts";
import { profileAt } from "../../../experiment/job/setup.ts";
import { planOf } from "../../../experiment/plans.ts";
import { Feed } from "../../feed.ts";
import type { ServerMessage } from "../../protocol.ts";
import { cultureIndex, describeRun } from "../describe.ts";
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
  const recording = await SavedRecording.of(folder, {
    profile: profileAt(planOf(experiment), undefined),
    cultureOf: cultureIndex(experiment),
  });
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
  const recording =
    run.kind === "writing"
      ? await SavedRecording.of(folder, {
          profile: scaffolds[DEFAULT_SCAFFOLD].profile,
          cultureOf: ({ seed }) => seed - run.config.firstSeed,
        })
      : null;
  const feed = new Feed();
  feed.say(describeReader(folder, run));
  tellReader(feed, folder, run);
  if (recording) tellRecording(feed, recording);
  return { messages: feed.retained(), recording };
}

function tellRecording(feed: Feed, recording: SavedRecording): void {
  for (const ledger of recording.ledgers()) feed.say(ledger);
  feed.say(recording.contents());
}
