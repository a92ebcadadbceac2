/**
 * Tissue on a device, given a step at a time. It lives on between steps, so before a step it is read up to its present, and the
 * step's first pulses are planned a little ahead; where the device's clock moves only by reading, steps follow each other.
 */
import type { Device, Driver } from "../../device/contract.ts";
import type { LedgerReport } from "../../device/gate/ledger.ts";
import { type OpenOptions, openDevice } from "../../device/gate/open.ts";
import type { Refusal } from "../../device/gate/unsafe-pulse.ts";
import { monotonicMs } from "../../device/time.ts";
import type { StepPlan, StepResult } from "../contract.ts";
import { liveStep } from "../live-step.ts";

/** A step begins this long after the device's present, so that its first pulses are there in time. */
const LEAD_MS = 60;
/** Drops of one step that are remembered; a step has fewer pulses. */
const MOST_DROPPED = 10_000;

export class LivingDevice {
  private device: Device;
  private readAtMs = monotonicMs();
  private readonly dropped: Refusal[] = [];

  constructor(
    private readonly driver: Driver,
    private readonly options: Pick<OpenOptions, "limits" | "isStopped"> = {},
  ) {
    this.device = openDevice(driver, {
      ...options,
      onRefused: (refusal) => {
        if (refusal.dropped && this.dropped.length < MOST_DROPPED) this.dropped.push(refusal);
      },
    });
  }

  get name(): string {
    return this.driver.profile.name;
  }

  get isLive(): boolean {
    return this.device.isLive();
  }

  /** Where it has been read to, on the driver's clock. */
  now(): number {
    return this.device.now();
  }

  /** What its electrodes have received, and what was refused. */
  ledger(): LedgerReport {
    return this.device.ledger();
  }

  /** After a stop: it can be stimulated again, by the same gate with the same ledger. */
  reopen(): void {
    const { isStopped } = this.options;
    this.device = openDevice(this.driver, isStopped ? { isStopped } : {});
  }

  /** Frames of the result are the driver's. Throws what the device throws: it is not known then what was done. */
  async step(plan: StepPlan): Promise<StepResult> {
    const { device } = this;
    try {
      if (!device.isLive()) return await liveStep(device, plan);
      const framesPerMs = device.profile.framesPerSecond / 1000;
      const since = monotonicMs() - this.readAtMs;
      const now = device.now() + Math.ceil(since * framesPerMs);
      await device.read(Math.max(now, device.present()));
      return await liveStep(device, plan, {
        leadFrames: Math.ceil(LEAD_MS * framesPerMs),
        takeDropped: () => this.dropped.splice(0),
      });
    } finally {
      this.readAtMs = monotonicMs();
    }
  }

  /** Reads it for a second, so that pulses of whoever had it before lie outside the intervals and the rate that its gate allows. */
  async rest(): Promise<void> {
    await this.device.read(this.device.now() + this.device.profile.framesPerSecond);
    this.readAtMs = monotonicMs();
  }

  /** Stops its stimulation at once. */
  stop(): Promise<void> {
    return this.device.stop();
  }

  close(): Promise<void> {
    return this.device.close();
  }
}
