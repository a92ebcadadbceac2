/** A saved run as a feed: its report, its journal, and its recording to replay, as far as it has them. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Experiment } from "../../experiment/plans.ts";
import { Feed } from "../feed.ts";
import { describeRun } from "./describe.ts";
import { tellJournal } from "./journal.ts";
import { SavedRecording } from "./recording.ts";
import { savedReport } from "./report.ts";

export async function savedFeed(folder: string, experiment: Experiment): Promise<Feed> {
  const recording = await SavedRecording.of(folder, experiment);
  const feed = new Feed(recording ? { segment: async (index) => recording.frames(index) } : {});
  const isFinished = existsSync(join(folder, "report.json"));
  const note = isFinished ? "" : "This run has not finished: continue it under Control.";
  feed.say(describeRun(basename(folder), experiment, { state: "saved", note }));
  const weights = tellJournal(feed, folder, experiment);
  for (const message of savedReport(folder, experiment)) feed.say(message);
  if (!recording) return feed;
  recording.weights(weights);
  for (const ledger of recording.ledgers()) feed.say(ledger);
  feed.say(recording.contents());
  return feed;
}
