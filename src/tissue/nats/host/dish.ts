/**
 * A dish: the tissue on the device of a host, real or served, as a culture of a vat. It lives on between steps, so before a
 * step it is read up to its present; and it can neither be put back nor moved, so a step that it may have been given is
 * never given again, not even after its host's process has died: what it did then is not known.
 */
import type { Driver } from "../../../device/contract.ts";
import { monotonicMs } from "../../../device/time.ts";
import { StepOutOfOrder, type StepPlan, type StepResult } from "../../contract.ts";
import { openDishDriver } from "../../dish/driver.ts";
import { LivingDevice } from "../../dish/living.ts";
import { type TissueProfile, tissueProfile } from "../../profile.ts";
import { assertPlan } from "../../unable.ts";
import { LeaseLost } from "../server/lease-lost.ts";
import { type Adoption, DeviceGone, type HostedCulture, StepClaimed } from "./hosted-culture.ts";

interface Given {
  readonly coordinator: string;
  readonly step: number;
  /** Null: what it did is not known. */
  readonly result: Promise<StepResult | null>;
}

export class Dish {
  readonly profile: TissueProfile;
  /** The last step that it may have been given. */
  private last: Given | undefined;
  private held: DishCulture | undefined;
  private readonly device: LivingDevice;

  private constructor(driver: Driver) {
    this.device = new LivingDevice(driver);
    this.profile = tissueProfile(driver.profile, driver.simulated ? ["plasticity"] : []);
  }

  /** Connects to a device; throws if it cannot be stimulated. */
  static async open(address: string, token?: string): Promise<Dish> {
    const place = { address, ...(token !== undefined && { token }) };
    return new Dish(await openDishDriver(place));
  }

  get name(): string {
    return this.device.name;
  }

  /** Takes it into the hands of a coordinator. `wasClaimed`: an earlier process may have done the step. */
  async adopt({ coordinator, nextStep, spec }: Adoption, wasClaimed: boolean): Promise<HostedCulture> {
    await this.held?.close();
    await this.device.stop();
    await this.last?.result.catch(() => undefined); // it is read by one only
    this.device.reopen();
    const isLast = this.last?.coordinator === coordinator && this.last.step === nextStep;
    if (!isLast)
      this.last = wasClaimed ? { coordinator, step: nextStep, result: Promise.resolve(null) } : undefined;
    const next = this.last ? nextStep + 1 : nextStep;
    this.held = new DishCulture(this, { brain: spec.brain, coordinator }, next);
    return this.held;
  }

  /** The result of a step that it was given; throws `StepClaimed` where it is not known. */
  async resultOf(coordinator: string, step: number): Promise<StepResult> {
    const { last } = this;
    const result = last?.coordinator === coordinator && last.step === step ? await last.result : null;
    if (!result) throw new StepClaimed(`the dish may have been given step ${step} already`);
    return result;
  }

  /** Gives it a step of a coordinator. `isOver`: it was let go of meanwhile, and its pulses were cancelled. */
  give(coordinator: string, step: number, plan: StepPlan, isOver: () => boolean): void {
    const result = this.live(plan).then((result) => (isOver() ? null : result));
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

  private async live(plan: StepPlan): Promise<StepResult> {
    try {
      return await this.device.step(plan);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      throw new DeviceGone(`device ${this.name}: ${(error as Error).message}`);
    }
  }
}

class DishCulture implements HostedCulture {
  computeUs = 0;
  private over = false;

  constructor(
    private readonly dish: Dish,
    private readonly held: { readonly brain: number; readonly coordinator: string },
    public nextStep: number,
  ) {}

  get profile(): TissueProfile {
    return this.dish.profile;
  }

  async run(step: number, plan: StepPlan, until: number): Promise<StepResult> {
    const { brain, coordinator } = this.held;
    assertPlan(plan, this.profile);
    if (step === this.nextStep) {
      if (this.over || monotonicMs() >= until)
        throw new LeaseLost(`brain ${brain}: the host may not stimulate it any more`);
      const began = performance.now();
      this.nextStep++;
      this.dish.give(coordinator, step, plan, () => this.over);
      const result = await this.dish.resultOf(coordinator, step);
      this.computeUs = Math.round(1000 * (performance.now() - began));
      return result;
    }
    if (step !== this.nextStep - 1)
      throw new StepOutOfOrder(`brain ${brain}: expected step ${this.nextStep}, got step ${step}`);
    return this.dish.resultOf(coordinator, step);
  }

  snapshot(): Promise<Uint8Array> {
    return Promise.reject(new Error(`brain ${this.held.brain} is a dish, of which no snapshot can be taken`));
  }

  restore(): Promise<void> {
    return Promise.reject(new Error(`brain ${this.held.brain} is a dish, which cannot be put back`));
  }

  async close(): Promise<void> {
    if (this.over) return;
    this.over = true;
    await this.dish.stop();
  }
}
