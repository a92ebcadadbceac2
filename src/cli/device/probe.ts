/** `wetgrad device probe`: connects to a device and says what it sees. */
import { Command } from "commander";
import type { DeviceProfile } from "../../device/contract.ts";
import type { Probe } from "../../device/probe.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { numberOf } from "../options/numbers.ts";
import { FILE_OPTION, openDriver } from "./open.ts";

interface ProbeOptions {
  readonly seconds: string;
  readonly file?: string;
  readonly json?: boolean;
}

export function probeCommand(): Command {
  return new Command("probe")
    .description("connect to a device; print its profile, clock rate, spikes and latency")
    .argument("<address>", "such as intan://host, open-ephys://host:5556, replay:FILE?speed=1, simulated:")
    .option("--seconds <n>", "how long to read, by the device's clock", "3")
    .option(...FILE_OPTION)
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad device probe 'replay:recording.h5?speed=10' --seconds 30\n",
    )
    .action(probe);
}

async function probe(address: string, options: ProbeOptions): Promise<void> {
  const seconds = numberOf(options.seconds, "--seconds", { min: 0.1, max: 86_400 });
  const [{ openDevice }, { probeDevice }] = await Promise.all([
    import("../../device/gate/open.ts"),
    import("../../device/probe.ts"),
  ]);
  const progress = createProgress(process.stderr);
  const driver = await openDriver(address, options.file);
  const stimulates = typeof driver.deliver === "function";
  const device = typeof driver.deliver === "function" ? openDevice(driver) : openDevice(driver);
  try {
    const found = await interruptible(
      (signal) => probeDevice(device, seconds, signal),
      (line) => progress.say(line),
    );
    const summary = summaryOf(device.profile, stimulates);
    if (options.json) printJson({ address, ...summary, ...found });
    else show(address, summary, found);
  } finally {
    await device.close();
  }
}

function summaryOf(profile: DeviceProfile, stimulates: boolean) {
  const { name, preparation, framesPerSecond, electrodes, reservedChannels, hardware } = profile;
  const unknown = electrodes.filter(({ material }) => material === "unknown").length;
  return {
    name,
    preparation,
    framesPerSecond,
    channels: electrodes.length,
    reservedChannels,
    materials: [...new Set(electrodes.map(({ material }) => material))],
    ...(hardware ? { hardware } : {}),
    stimulates,
    /** Electrodes on which the gate lets a pulse through, if it keeps its other rules. */
    stimulableChannels: stimulates ? electrodes.length - unknown - reservedChannels.length : 0,
  };
}

function show(address: string, summary: ReturnType<typeof summaryOf>, found: Probe): void {
  const { name, preparation, framesPerSecond, channels, materials, stimulates, stimulableChannels } = summary;
  print(`${address}: ${name} (${preparation}), ${channels} channels at ${framesPerSecond} Hz`);
  const can = !stimulates
    ? "reads only"
    : stimulableChannels > 0
      ? `stimulates up to ${stimulableChannels} channels (${materials.join(", ")})`
      : "stimulates no channel: area and material of its electrodes are unknown (give a device file)";
  print(`    ${can}`);
  const clock = found.live
    ? `clock measured at ${found.measuredHz.toFixed(0)} Hz`
    : `no clock of its own, read ${(found.measuredHz / framesPerSecond).toFixed(1)} times faster than life`;
  print(`    ${clock}, over ${found.seconds.toFixed(1)} s`);
  print(
    `    ${found.spikes} spikes, ${found.spikesPerSecond.toFixed(1)} per second, on ${found.activeChannels} channels`,
  );
  const { stepMs, p50Ms, p99Ms, maxMs } = found.lateness;
  const what = found.live ? "latency beyond the soonest" : "time to read";
  print(
    `    steps of ${stepMs.toFixed(1)} ms: ${what} p50 ${p50Ms.toFixed(2)}, p99 ${p99Ms.toFixed(2)}, max ${maxMs.toFixed(2)} ms`,
  );
}
