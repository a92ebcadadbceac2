/** `wetgrad recording describe`: what a recording holds. */
import { basename } from "node:path";
import { Command } from "commander";
import type { CultureDescription, Description } from "../../recording/describe.ts";
import { significant } from "../../report/format.ts";
import { print, printJson } from "../manners/output.ts";
import {
  type RecordingTexts,
  readOptionsOf,
  tellDoubts,
  withRecordingOptions,
} from "../options/recording.ts";

export function describeCommand(): Command {
  return withRecordingOptions(
    new Command("describe")
      .description("say what a recording holds: spikes of one culture or several, EEG or gaze")
      .argument("<file>", "a recording (`wetgrad recording formats` lists what can be read)"),
  )
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad recording describe plate.csv --culture A1\n")
    .action(async (file: string, options: RecordingTexts & { json?: boolean }) => {
      const read = readOptionsOf(options);
      const { describe } = await import("../../recording/describe.ts");
      const description = await describe(file, read);
      if ("doubts" in description) tellDoubts(file, description.doubts);
      if (options.json) printJson({ name: basename(file), ...description });
      else print(`${basename(file)}: ${lines(description).join("\n  ")}`);
    });
}

function lines(description: Description): string[] {
  const seconds = (value: number) => `${significant(value)} s`;
  switch (description.kind) {
    case "signals": {
      const { source, preparation, durationSeconds, channelGroups, events, eventCounts, meta } = description;
      const more = eventCounts.length === 20 ? ", ..." : "";
      return [
        `signals${preparation ? " of a person" : ""} (${source}), ${seconds(durationSeconds)}`,
        ...channelGroups.map(
          ({ unit, rateHz, labels }) =>
            `${labels.length} channels at ${significant(rateHz)} Hz, ${unit || "no unit"}: ${labels.slice(0, 12).join(", ")}${labels.length > 12 ? ", ..." : ""}`,
        ),
        `${events} events${events > 0 ? `: ${eventCounts.map(({ kind, label, count }) => `${count} ${kind} ${label}`).join(", ")}${more}` : ""}`,
        ...Object.entries(meta).map(([key, value]) => `${key}: ${value}`),
      ];
    }
    case "spikes": {
      const { source, cultures, channelList, meta } = description;
      return [
        `spikes (${source}), ${seconds(description.durationSeconds)} from ${seconds(description.startSeconds)} of its clock`,
        ...(cultures ? [`${cultures.length} cultures`] : []),
        ...activity(description),
        ...(channelList ? channels(channelList) : []),
        ...(cultures ?? []).map((culture) => cultureLine(culture)),
        ...Object.entries(meta).map(([key, value]) => `${key}: ${value}`),
      ];
    }
    case "reading-times": {
      const { sentences, words, skippedWords, totalReadingSeconds } = description;
      return [
        `reading times of a person, ${sentences} sentences, ${words} words`,
        `${skippedWords} words never looked at, ${seconds(totalReadingSeconds)} in all`,
      ];
    }
  }
}

const LISTED = 12;

function activity(found: Omit<CultureDescription, "channelList">): string[] {
  const { gaps, trials, deadChannels } = found;
  const gone = gaps.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
  return [
    ...(gaps.length > 0 ? [`${gaps.length} gaps, ${significant(gone)} s in all`] : []),
    ...(trials > 0 ? [`${trials} trials`] : []),
    `${found.channels} channels, ${found.spikes} spikes, ${significant(found.meanRateHz)} Hz per channel`,
    `${found.doubleDetections} double detections (less than 1 ms after the last spike)`,
    `${deadChannels.length} dead channels${listed(deadChannels)}`,
  ];
}

/** Names by group, as many as fit. */
function channels(list: CultureDescription["channelList"]): string[] {
  const groups = new Map<string, string[]>();
  for (const { name, group = "" } of list) groups.set(group, [...(groups.get(group) ?? []), name]);
  const placed = list.filter(({ xUm }) => xUm !== undefined).length;
  return [
    ...[...groups].slice(0, LISTED).map(([group, names]) => `${group || "channels"}${listed(names)}`),
    ...(placed > 0 ? [`${placed} channels with a position`] : []),
  ];
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "";
  return `: ${names.slice(0, LISTED).join(", ")}${names.length > LISTED ? ", ..." : ""}`;
}

function cultureLine(culture: CultureDescription & { readonly name: string }): string {
  const { name, treatment, dose } = culture;
  const given = [treatment, dose].filter(Boolean).join(" ");
  return `${name}: ${culture.channels} channels, ${culture.spikes} spikes, ${significant(culture.meanRateHz)} Hz per channel, ${significant(culture.durationSeconds)} s${given ? `, ${given}` : ""}`;
}
