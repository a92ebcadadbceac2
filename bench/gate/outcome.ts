/** What came of the plans for one kind of device. */
import type { Device, Driver, Pulse } from "../../src/device/contract.ts";
import { UnsafePulse } from "../../src/device/gate/unsafe-pulse.ts";
import { DeviceError, DeviceLost } from "../../src/device/lost.ts";
import type { Received } from "./received.ts";

export interface Outcome {
  readonly plans: number;
  readonly pulses: number;
  readonly received: number;
  readonly violations: number;
  /** The first violations, in words. */
  readonly faults: readonly string[];
  /** Calls that were accepted whole. */
  readonly accepted: number;
  readonly refusedByRule: Readonly<Record<string, number>>;
}

export class Tally {
  plans = 0;
  pulses = 0;
  accepted = 0;
  /** The device of the last plan is gone. */
  isLost = false;
  private readonly refused: Record<string, number> = {};

  /** Gives a plan to a device; what a device may answer is counted, anything else is thrown. */
  async give(device: Device, plan: readonly Pulse[]): Promise<boolean> {
    this.plans++;
    this.pulses += plan.length;
    this.isLost = false;
    try {
      await device.stimulate(plan);
      this.accepted++;
      return true;
    } catch (error) {
      if (error instanceof UnsafePulse) this.count(error.rule);
      else if (error instanceof DeviceLost) {
        this.count("device lost");
        this.isLost = true;
      } else if (error instanceof DeviceError) this.count("not sent by this device");
      else throw error;
      return false;
    }
  }

  count(what: string): void {
    this.refused[what] = (this.refused[what] ?? 0) + 1;
  }

  of(received: Received): Outcome {
    return {
      plans: this.plans,
      pulses: this.pulses,
      received: received.pulses,
      violations: received.violations,
      faults: received.faults,
      accepted: this.accepted,
      refusedByRule: this.refused,
    };
  }
}

/** Tries to have a list that was sealed once delivered again, past the gate. */
export async function replaySealed(driver: Driver, list: readonly Pulse[], tally: Tally): Promise<void> {
  tally.plans++;
  tally.pulses += list.length;
  await driver.deliver(list as never).then(
    () => tally.count("REPLAYED"),
    () => tally.count("sealed list again"),
  );
}
