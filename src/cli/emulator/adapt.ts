/** `wetgrad emulator adapt`: what online learning recovers when the same culture is recorded again later. */
import { Command } from "commander";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { defaultEmulatorFolder, type FitOptions, fitRecording, fitSettings, withFitOptions } from "./fit.ts";
import { countTold } from "./recording.ts";

export function adaptCommand(): Command {
  return withFitOptions(
    new Command("adapt")
      .description(
        "apply an emulator to later recordings of the same culture: frozen, adapted online, refitted",
      )
      .argument("<first>", "the recording to fit on")
      .argument("<later...>", "recordings of the same electrodes, later"),
  )
    .option("--out <dir>", "folder of the first recording's emulator")
    .option("--json", "print the measures as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad emulator adapt DIV14.h5 DIV21.h5 DIV28.h5 --seconds 60\n")
    .action(adapt);
}

async function adapt(first: string, later: string[], options: FitOptions): Promise<void> {
  const settings = await fitSettings(options);
  const { seed, budget, device } = settings;
  const { recording, emulator } = await fitRecording(
    first,
    options.out ?? defaultEmulatorFolder(first, options),
    settings,
  );
  const { regionsOf } = await import("../../forecast/experts/regions.ts");
  const { measureDrift } = await import("../../forecast/experts/drift.ts");
  const regions = regionsOf(recording.channels, recording.counts, seed);
  const progress = createProgress(process.stderr);
  const days: ({ name: string } & Awaited<ReturnType<typeof measureDrift>>)[] = [];
  try {
    await interruptible(async (signal) => {
      for (const path of later) {
        progress.update({ done: days.length, total: later.length, unit: "recordings", message: path });
        const { name, counts } = await countTold(path, { ...emulator, read: settings.read }, progress.say);
        const drift = { seed, budget, regions, device, signal };
        const both = { first: recording.counts, later: counts };
        days.push({ name, ...(await measureDrift(emulator, both, drift)) });
      }
    }, progress.say);
  } finally {
    progress.end();
  }
  const { areas, areaOfColumn, columnsFrom } = regions;
  if (options.json)
    printJson({ first: recording.name, areas, columns: areaOfColumn.length, columnsFrom, days });
  else
    print(
      [
        `${recording.name}: bits per spike on the last fifth of each later recording`,
        ...days.map(({ name, frozen, retrained, adapters }) => {
          const of = (kind: "gain" | "experts") => {
            const { bits, recovered, minutesTo90, firstDayChange } = adapters[kind];
            return `${kind} ${bits.toFixed(3)} (recovered ${recovered === null ? "-" : `${(100 * recovered).toFixed(0)} %`}, 90 % after ${minutesTo90 ?? "-"} min, first day ${firstDayChange >= 0 ? "+" : ""}${firstDayChange.toFixed(3)})`;
          };
          return `${name}: frozen ${frozen.toFixed(3)}, ${of("gain")}, ${of("experts")}, refitted ${retrained.toFixed(3)}`;
        }),
      ].join("\n"),
    );
}
