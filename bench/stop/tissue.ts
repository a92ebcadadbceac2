/**
 * The thread of a run: a device of the machine's clock behind the gate, stimulated as often as the gate admits until it is
 * stopped, beside what the flood asks of it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { Driver, Frame, Spikes } from "../../src/device/contract.ts";
import type { ClearedPulses } from "../../src/device/gate/cleared.ts";
import { openDevice, takeCleared } from "../../src/device/gate/open.ts";
import { UnsafePulse } from "../../src/device/gate/unsafe-pulse.ts";
import { simulatedProfile } from "../../src/device/simulated/array.ts";
import { pulsesFor } from "../../src/device/stimulation.ts";
import { monotonicMs } from "../../src/device/time.ts";
import { StopFlag } from "../../src/tissue/stop-flag.ts";
import { floodOf } from "./floods.ts";

export type TissueMessage =
  | { readonly kind: "stimulating" }
  /** `deliveredAtMs`: when the device was given its last pulses, by the clock of `monotonicMs`. */
  | { readonly kind: "stopped"; readonly deliveredAtMs: number };

/** Of 64 electrodes in turn: 8 pulses a second each, where the gate admits 15. */
const PULSE_EVERY_MS = 2;
/** Delivered calls after which the device counts as stimulating. */
const WARM_CALLS = 3;

class ClockDriver implements Driver {
  readonly profile = simulatedProfile;
  readonly beganAtMs = monotonicMs();
  calls = 0;
  deliveredAtMs = 0;

  now(): Frame {
    return Math.floor(((monotonicMs() - this.beganAtMs) * this.profile.framesPerSecond) / 1000);
  }
  async read(untilFrame: Frame): Promise<Spikes> {
    const frames = Math.max(0, untilFrame - this.now());
    await sleep((1000 * frames) / this.profile.framesPerSecond);
    return { frames: new Float64Array(), channels: new Uint16Array() };
  }
  async deliver(pulses: ClearedPulses): Promise<void> {
    takeCleared(this, pulses);
    this.calls++;
    this.deliveredAtMs = monotonicMs();
  }
  async cancel(): Promise<void> {}
  async close(): Promise<void> {}
}

const flood = floodOf(String(workerData));
const send = (message: TissueMessage) => parentPort?.postMessage(message);

parentPort?.on("message", (stop: SharedArrayBuffer) => {
  void stimulateUntil(new StopFlag(stop)).then((deliveredAtMs) => send({ kind: "stopped", deliveredAtMs }));
});

async function stimulateUntil(stop: StopFlag): Promise<number> {
  const driver = new ClockDriver();
  const device = openDevice(driver, { isStopped: () => stop.mustRefuse() });
  let isWarm = false;
  for (let call = 0; ; call++) {
    try {
      await device.stimulate(pulsesFor([call % 64], 1, device.now() + 50, device.profile));
      if (!isWarm && driver.calls >= WARM_CALLS) {
        isWarm = true;
        send({ kind: "stimulating" });
      }
      await flood.stimulate?.(device, call);
    } catch (error) {
      if (!(error instanceof UnsafePulse)) throw error;
      if (error.rule === "stopped") return driver.deliveredAtMs;
    }
    await sleep(PULSE_EVERY_MS);
  }
}
