/** A saved run as what a page is told of it: its report, its journal, and its recording to replay, as far as it has them. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Experiment } from "../../../experiment/plans.ts";
import { Feed } from "../../feed.ts";
import type { ServerMessage } from "../../protocol.ts";
import { describeRun } from "../describe.ts";
import { tellJournal } from "../journal.ts";
import { savedReport } from "../report.ts";
import { SavedRecording } from "./recording.ts";

export interface SavedRun {
  readonly messages: readonly ServerMessage[];
  /** Null where the run has kept none. */
  readonly recording: SavedRecording | null;
}

export async function openSaved(folder: string, experiment: Experiment): Promise<SavedRun> {
  const recording = await SavedRecording.of(folder, experiment);
  const feed = new Feed();
  const isFinished = existsSync(join(folder, "report.json"));
  const note = isFinished ? "" : "This run has not finished: continue it under Control.";
  feed.say(describeRun(basename(folder), experiment, { state: "saved", note }));
  const weights = tellJournal(feed, folder, experiment);
  for (const message of savedReport(folder, experiment)) feed.say(message);
  if (recording) {
    recording.weights(weights);
    for (const ledger of recording.ledgers()) feed.say(ledger);
    feed.say(recording.contents());
  }
  return { messages: feed.retained(), recording };
}
