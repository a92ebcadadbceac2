/** `wetgrad recording describe`: what a recording holds. */
import { basename } from "node:path";
import { Command } from "commander";
import type { Description } from "../../recording/describe.ts";
import { significant } from "../../report/format.ts";
import { print, printJson } from "../manners/output.ts";

export function describeCommand(): Command {
  return new Command("describe")
    .description("say what a recording holds: spikes, EEG or gaze")
    .argument(
      "<file>",
      "NWB, MEA HDF5, CL1, Axion, spike list; EDF, BDF, EEGLAB .set, EyeLink .asc; reading times",
    )
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad recording describe eeg.bdf\n")
    .action(async (file: string, options: { json?: boolean }) => {
      const { describe } = await import("../../recording/describe.ts");
      const description = await describe(file);
      if (options.json) printJson({ name: basename(file), ...description });
      else print(`${basename(file)}: ${lines(description).join("\n  ")}`);
    });
}

function lines(description: Description): string[] {
  const seconds = (value: number) => `${significant(value)} s`;
  switch (description.kind) {
    case "signals": {
      const { source, durationSeconds, channelGroups, events, eventCounts, meta } = description;
      const more = eventCounts.length === 20 ? ", ..." : "";
      return [
        `signals of a person (${source}), ${seconds(durationSeconds)}`,
        ...channelGroups.map(
          ({ unit, rateHz, labels }) =>
            `${labels.length} channels at ${significant(rateHz)} Hz, ${unit || "no unit"}: ${labels.slice(0, 12).join(", ")}${labels.length > 12 ? ", ..." : ""}`,
        ),
        `${events} events${events > 0 ? `: ${eventCounts.map(({ kind, label, count }) => `${count} ${kind} ${label}`).join(", ")}${more}` : ""}`,
        ...Object.entries(meta).map(([key, value]) => `${key}: ${value}`),
      ];
    }
    case "spikes": {
      const { source, durationSeconds, channels, spikes, meanRateHz, doubleDetections, deadChannels, meta } =
        description;
      return [
        `spikes (${source}), ${seconds(durationSeconds)}`,
        `${channels} channels, ${spikes} spikes, ${significant(meanRateHz)} Hz per channel`,
        `${doubleDetections} double detections (less than 1 ms after the last spike)`,
        `${deadChannels.length} dead channels${deadChannels.length > 0 ? `: ${deadChannels.slice(0, 12).join(", ")}` : ""}`,
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
