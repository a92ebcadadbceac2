/**
 * A dish as the tissue of an experiment: one culture, on the device at its address. It can neither be put back nor given a step
 * again, so a step that was under way when its link went is lost; the link is looked for, and the experiment goes on.
 */

import { setTimeout as pause } from "node:timers/promises";
import type { Frame } from "../../device/contract.ts";
import type { StimulationLimits } from "../../device/gate/limits.ts";
import { monotonicMs } from "../../device/time.ts";
import { abilityFor } from "../commands.ts";
import { StepOutOfOrder, type StepPlan, type StepResult, type Tissue } from "../contract.ts";
import { type TissueProfile, tissueProfile } from "../profile.ts";
import type { StopFlag } from "../stop-flag.ts";
import { Stopped } from "../stopped.ts";
import { assertPlan, Unable } from "../unable.ts";
import { openDishDriver } from "./driver.ts";
import type { DishEvent } from "./events.ts";
import { LivingDevice } from "./living.ts";
import { clockAt, dishMark } from "./mark.ts";
import type { DishPlace } from "./place.ts";

/** A device that is away for longer ends the run, which can be continued. */
const MOST_AWAY_MS = 3_600_000;
/** From one look for it to the next. */
const LOOK_AGAIN_MS = 500;
/** Steps lost one after the other, each with a link that came back: then it is not the link. */
const MOST_LOST = 5;

export interface DishOptions {
  readonly stop: StopFlag;
  readonly onEvent?: ((event: DishEvent) => void) | undefined;
  readonly mostAwayMs?: number | undefined;
}

export function dishTissue(place: DishPlace, options: DishOptions): Tissue {
  const dish = new Dish(place, options);
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(work: () => Answer | Promise<Answer>): Promise<Answer> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  const only = (brains: readonly number[]) => {
    const other = brains.find((brain) => brain !== 0);
    if (other !== undefined) throw new RangeError(`a dish is brain 0, and holds no brain ${other}`);
  };
  return {
    async open(specs, onGrown) {
      only(specs.map(({ brain }) => brain));
      await dish.open(specs[0]?.limits);
      onGrown?.(0);
    },
    profile(brain) {
      only([brain]);
      return dish.profile;
    },
    step: (step, plans) =>
      inTurn(async () => {
        only(plans.map(({ brain }) => brain));
        for (const plan of plans) assertPlan(plan, dish.profile);
        return Promise.all(plans.map((plan) => dish.step(step, plan)));
      }),
    perform: (brain, command) => Promise.reject(new Unable(abilityFor(command), brain, dish.profile)),
    snapshot: (brains) => inTurn(() => brains.map(() => dish.mark())),
    restore: (step, brains, snapshots) =>
      inTurn(() => {
        only(brains);
        for (const mark of snapshots) dish.goOn(step, clockAt(mark));
      }),
    close: () => dish.close(),
  };
}

class Dish {
  private opened: TissueProfile | undefined;
  private device: LivingDevice | undefined;
  private limits: StimulationLimits | undefined;
  private next = 0;
  private last: { readonly step: number; readonly result: Promise<StepResult> } | undefined;
  /** The tissue's clock runs on over links and processes, each of whose drivers begins a clock of its own. */
  private clock: Frame = 0;
  private offset: Frame = 0;
  private lostInARow = 0;
  private closed = false;

  constructor(
    private readonly place: DishPlace,
    private readonly options: DishOptions,
  ) {}

  get profile(): TissueProfile {
    if (!this.opened) throw new Error(`dish ${this.place.address}: expected it to be open`);
    return this.opened;
  }

  async open(limits: StimulationLimits | undefined): Promise<void> {
    this.limits = limits;
    await this.connect();
    if (this.place.wasLeft) await this.device?.rest();
  }

  async step(step: number, plan: StepPlan): Promise<StepResult> {
    if (this.last?.step === step) return this.last.result;
    if (step !== this.next) throw new StepOutOfOrder(`a dish: expected step ${this.next}, got step ${step}`);
    this.next++;
    this.last = { step, result: this.live(step, plan) };
    return this.last.result;
  }

  mark(): Uint8Array {
    return dishMark(this.place.address, this.next, this.clock);
  }

  goOn(step: number, clock: Frame): void {
    this.next = step;
    this.last = undefined;
    this.moveClock(Math.max(this.clock, clock));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.device?.close();
  }

  /** Sets the tissue's clock; the driver's is left as it is. */
  private moveClock(clock: Frame): void {
    this.clock = clock;
    this.offset = clock - (this.device?.now() ?? 0);
  }

  private async live(step: number, plan: StepPlan): Promise<StepResult> {
    const { device, options } = this;
    if (!device) throw new Error(`dish ${this.place.address}: expected it to be open`);
    const startFrame = this.clock;
    try {
      const result = await device.step(plan);
      this.lostInARow = 0;
      this.clock = result.startFrame + this.offset + plan.durationFrames;
      return { ...result, startFrame: result.startFrame + this.offset };
    } catch (error) {
      if (this.isOver()) throw new Stopped();
      if ((error as Error).name !== "DeviceLost" || ++this.lostInARow > MOST_LOST) throw error;
      await this.find(error as Error);
      this.moveClock(startFrame + plan.durationFrames);
      options.onEvent?.({ event: "dish-back", address: this.place.address, step });
      const none = { frames: new Float64Array(0), channels: new Uint16Array(0) };
      return { brain: plan.brain, startFrame, spikes: none, refused: [], isLost: true };
    }
  }

  /** Connects again, as often as it takes. Throws what the last attempt threw once the device is away for too long. */
  private async find(lost: Error): Promise<void> {
    const { onEvent, mostAwayMs = MOST_AWAY_MS } = this.options;
    const sinceMs = monotonicMs();
    onEvent?.({ event: "dish-away", address: this.place.address, why: lost.message });
    await this.device?.close().catch(() => undefined);
    for (;;) {
      await pause(LOOK_AGAIN_MS);
      if (this.isOver()) throw new Stopped();
      try {
        await this.connect();
        await this.device?.rest();
        return;
      } catch (error) {
        if (!["DeviceLost", "DeviceError"].includes((error as Error).name)) throw error;
        if (monotonicMs() - sinceMs > mostAwayMs) throw error;
      }
    }
  }

  private async connect(): Promise<void> {
    const { place, limits, options } = this;
    const driver = await openDishDriver(place, limits);
    if (this.isOver()) {
      await driver.close();
      throw new Stopped();
    }
    const profile = tissueProfile(driver.profile, driver.simulated ? ["plasticity"] : []);
    this.opened ??= profile;
    this.device = new LivingDevice(driver, {
      ...(limits && { limits }),
      isStopped: () => options.stop.isStopped,
    });
  }

  private isOver(): boolean {
    return this.closed || this.options.stop.isStopped;
  }
}
