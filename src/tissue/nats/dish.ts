/**
 * A dish: the tissue on the device of a host, real or served, as a brain of a vat. It lives on between steps, so before a
 * step it is read up to its present; and it can neither be put back nor moved, so a step that it may have been given is
 * never given again, not even after its host's process has died: what it did then is not known.
 */
import type { Device, Driver, ReadOnlyDriver } from "../../device/contract.ts";
import { openDevice } from "../../device/gate/open.ts";
import { openAddress } from "../../device/open-address.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { liveStep } from "../brain.ts";
import { StepOutOfOrder, type StepPlan, type StepResult } from "../contract.ts";
import { NetworkError } from "./connection.ts";
import { type Adoption, DeviceGone, type HostedBrain, StepClaimed } from "./held.ts";
import { LeaseLost, monotonicMs } from "./monotonic.ts";

/** A step begins this long after the device's present, so that its first pulses are there in time. */
const LEAD_MS = 60;

interface Given {
  readonly coordinator: string;
  readonly step: number;
  /** Null: what it did is not known. */
  readonly result: Promise<StepResult | null>;
}

export class Dish {
  /** The last step that it may have been given. */
  private last: Given | undefined;
  private readAtMs = monotonicMs();
  private held: DishBrain | undefined;
  private device: Device;

  private constructor(private readonly driver: Driver) {
    this.device = openDevice(driver);
  }

  /** Connects to a device; throws if it cannot be a vat's. */
  static async open(address: string, token?: string): Promise<Dish> {
    const driver = await openAddress(address, { ...(token !== undefined && { token }) });
    try {
      assertServable(address, driver);
      return new Dish(driver);
    } catch (error) {
      await driver.close();
      throw error;
    }
  }

  get name(): string {
    return this.driver.profile.name;
  }

  /** Takes it into the hands of a coordinator. `wasClaimed`: an earlier process may have done the step. */
  async adopt({ coordinator, nextStep, spec }: Adoption, wasClaimed: boolean): Promise<HostedBrain> {
    await this.held?.close();
    await this.device.stop();
    await this.last?.result.catch(() => undefined); // it is read by one only
    this.device = openDevice(this.driver);
    const isLast = this.last?.coordinator === coordinator && this.last.step === nextStep;
    if (!isLast)
      this.last = wasClaimed ? { coordinator, step: nextStep, result: Promise.resolve(null) } : undefined;
    this.held = new DishBrain(this, spec.brain, coordinator, this.last ? nextStep + 1 : nextStep);
    return this.held;
  }

  /** The result of a step that it was given; throws `StepClaimed` where it is not known. */
  async resultOf(coordinator: string, step: number): Promise<StepResult> {
    const { last } = this;
    const result = last?.coordinator === coordinator && last.step === step ? await last.result : null;
    if (!result) throw new StepClaimed(`the dish may have been given step ${step} already`);
    return result;
  }

  /** Gives it a step. `isOver`: it was let go of meanwhile, and its pulses were cancelled. */
  give(coordinator: string, step: number, brain: number, plan: StepPlan, isOver: () => boolean): void {
    const result = this.live(brain, plan).then((result) => (isOver() ? null : result));
    result.catch(() => undefined); // whoever asks for it hears of it
    this.last = { coordinator, step, result };
  }

  /** Stops its stimulation at once. */
  stop(): Promise<void> {
    return this.device.stop();
  }

  async close(): Promise<void> {
    await this.device.close();
  }

  private async live(brain: number, plan: StepPlan): Promise<StepResult> {
    try {
      if (this.device.simulated) return await liveStep(this.device, brain, plan);
      const framesPerMs = this.device.profile.framesPerSecond / 1000;
      const since = monotonicMs() - this.readAtMs;
      await this.device.read(this.device.now() + Math.ceil(since * framesPerMs));
      return await liveStep(this.device, brain, plan, { leadFrames: Math.ceil(LEAD_MS * framesPerMs) });
    } catch (error) {
      if (error instanceof RangeError) throw error;
      throw new DeviceGone(`device ${this.name}: ${(error as Error).message}`);
    } finally {
      this.readAtMs = monotonicMs();
    }
  }
}

class DishBrain implements HostedBrain {
  computeUs = 0;
  private over = false;

  constructor(
    private readonly dish: Dish,
    private readonly brain: number,
    private readonly coordinator: string,
    public nextStep: number,
  ) {}

  async run(step: number, plan: StepPlan, until: number): Promise<StepResult> {
    if (step === this.nextStep) {
      if (this.over || monotonicMs() >= until)
        throw new LeaseLost(`brain ${this.brain}: the host may not stimulate it any more`);
      const began = performance.now();
      this.nextStep++;
      this.dish.give(this.coordinator, step, this.brain, plan, () => this.over);
      const result = await this.dish.resultOf(this.coordinator, step);
      this.computeUs = Math.round(1000 * (performance.now() - began));
      return result;
    }
    if (step !== this.nextStep - 1)
      throw new StepOutOfOrder(`brain ${this.brain}: expected step ${this.nextStep}, got step ${step}`);
    return this.dish.resultOf(this.coordinator, step);
  }

  snapshot(): Promise<Uint8Array> {
    return Promise.reject(new Error(`brain ${this.brain} is a dish, of which no snapshot can be taken`));
  }

  restore(): Promise<void> {
    return Promise.reject(new Error(`brain ${this.brain} is a dish, which cannot be put back`));
  }

  async close(): Promise<void> {
    if (this.over) return;
    this.over = true;
    await this.dish.stop();
  }
}

/** Throws unless a vat's plans can be carried out on the device. */
function assertServable(address: string, driver: Driver | ReadOnlyDriver): asserts driver is Driver {
  const { framesPerSecond, electrodes, name } = driver.profile;
  const refuse = (expected: string, got: string): never => {
    throw new NetworkError(`--device ${address}: expected ${expected}, got ${got}; choose another device`);
  };
  if (typeof driver.deliver !== "function")
    refuse("a device that can be stimulated", `${name}, which is only read`);
  if (framesPerSecond !== simulatedProfile.framesPerSecond)
    refuse(
      `${simulatedProfile.framesPerSecond} frames per second, in which a vat's plans are made`,
      `${framesPerSecond}`,
    );
  const channels = simulatedProfile.electrodes.length;
  if (electrodes.some(({ channel }) => channel >= channels))
    refuse(`channels 0 to ${channels - 1}`, `${electrodes.length} electrodes`);
}
