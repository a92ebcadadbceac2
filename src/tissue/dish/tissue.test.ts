/** A dish behind a link: cultures served over TCP. */
import { afterEach, describe, expect, it } from "vitest";
import { stopLink } from "../../device/cl1/stop.ts";
import { type CultureServer, serveCulture } from "../../device/serving/server.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { smallMea } from "../../device/simulated/testing.ts";
import { pulsesFor } from "../../device/stimulation.ts";
import { freeUdpPort } from "../../device/testing/ports.ts";
import type { StepPlan, StepResult, Tissue } from "../contract.ts";
import { openTissue } from "../place.ts";
import { StopFlag } from "../stop-flag.ts";
import { Stopped } from "../stopped.ts";
import { Unable } from "../unable.ts";
import type { DishEvent } from "./events.ts";
import { LivingDevice } from "./living.ts";
import { dishTissue } from "./tissue.ts";

const SECOND = simulatedProfile.framesPerSecond;
const spec = { brain: 0, seed: 1, neurons: 200, div: 21, preset: "quiet" as const };

function planAt(step: number): StepPlan {
  const pulses = [5, 20, 42].flatMap((channel, k) =>
    pulsesFor([channel], 1, (step % 2) * 100 + 500 * k, simulatedProfile),
  );
  return { brain: 0, durationFrames: SECOND / 10, plasticity: 1, pulses };
}

describe("a dish over TCP", () => {
  let server: CultureServer | undefined;
  let tissue: Tissue | undefined;
  afterEach(async () => {
    await tissue?.close();
    await server?.close();
    tissue = server = undefined;
  });
  const serve = async (port = 0) => {
    server = await serveCulture({ driver: smallMea(), port });
    return `cl1://127.0.0.1:${server.port}?scaffold=mea64`;
  };
  const opened = async (address: string, stop = new StopFlag(), onEvent?: (event: DishEvent) => void) => {
    tissue = dishTissue({ address }, { stop, onEvent, mostAwayMs: 20_000 });
    await tissue.open([spec]);
    return tissue;
  };
  const run = async (held: Tissue, step: number): Promise<StepResult> =>
    (await held.step(step, [planAt(step)]))[0];

  it("does to the bit what the same tissue does in this process, also driven by a thread", async () => {
    const here = new LivingDevice(smallMea());
    const expected: StepResult[] = [];
    for (let step = 0; step < 6; step++) expected.push(await here.step(planAt(step)));
    expect(expected.some(({ spikes }) => spikes.frames.length > 0)).toBe(true);

    const dish = await opened(await serve());
    for (let step = 0; step < 6; step++) expect(await run(dish, step)).toEqual(expected[step]);
    await dish.close();
    await server?.close();

    tissue = await openTissue({ kind: "dish", address: await serve() }, new StopFlag());
    await tissue.open([spec]);
    for (let step = 0; step < 6; step++) {
      const { spikes, ...rest } = await run(tissue, step);
      expect(rest).toEqual({ ...expected[step], spikes: undefined });
      expect([...spikes.frames]).toEqual([...expected[step].spikes.frames]);
    }
  });

  it("has no abilities, and goes on from its marks as it is, its clock never back", async () => {
    const dish = await opened(await serve());
    expect(dish.profile(0).abilities).toEqual([]);
    await expect(dish.perform(0, { kind: "read-strengths" })).rejects.toThrow(Unable);
    const first = await run(dish, 0);
    expect(await run(dish, 0)).toBe(first);
    await expect(run(dish, 2)).rejects.toThrow("expected step 1, got step 2");
    const [mark] = await dish.snapshot([0]);
    await run(dish, 1);
    await dish.restore(7, [0], [mark!]);
    expect((await run(dish, 7)).startFrame).toBe(2 * planAt(0).durationFrames);
    // In a process of its own the device's clock begins anew, and the dish's goes on.
    const [later] = await dish.snapshot([0]);
    await dish.close();
    const again = await opened(`cl1://127.0.0.1:${server!.port}?scaffold=mea64`);
    await again.restore(3, [0], [later!]);
    expect((await run(again, 3)).startFrame).toBe(3 * planAt(0).durationFrames);
  });

  it("counts the step lost that was under way when its link went, and goes on when it is back", async () => {
    const port = await freeUdpPort();
    const events: DishEvent[] = [];
    const dish = await opened(await serve(port), new StopFlag(), (event) => events.push(event));
    await run(dish, 0);
    await server?.close();
    const lost = run(dish, 1);
    await expect.poll(() => events.map(({ event }) => event)).toEqual(["dish-away"]);
    await serve(port);
    const { durationFrames } = planAt(1);
    expect(await lost).toMatchObject({ isLost: true, startFrame: durationFrames, refused: [] });
    expect(events.at(-1)).toMatchObject({ event: "dish-back", step: 1 });
    const next = await run(dish, 2);
    expect(next).toMatchObject({ startFrame: 2 * durationFrames, refused: [] });
    expect(next.isLost).toBeUndefined();
  });

  it("rests where it was left in the middle of its stimulation, so that nothing is refused", async () => {
    const address = await serve();
    const at = (frame: number) => [
      { ...planAt(0), durationFrames: SECOND / 10, pulses: pulsesFor([5], 1, frame, simulatedProfile) },
    ];
    // The device refuses what is too near to the last pulse of the session before, and ends the link: that step is lost.
    for (const [wasLeft, isLost] of [
      [false, undefined],
      [true, undefined],
      [false, true],
    ] as const) {
      tissue = dishTissue({ address, wasLeft }, { stop: new StopFlag() });
      await tissue.open([spec]);
      const [first] = await tissue.step(0, at(0));
      expect(first!.isLost).toBe(isLost);
      await tissue.step(1, at(SECOND / 10 - 10));
      await tissue.close();
    }
  });

  it("does not begin again by itself where somebody has stopped it, and looks for nothing once told to stop", async () => {
    const stop = new StopFlag();
    const dish = await opened(await serve(), stop);
    await run(dish, 0);
    await stopLink({ host: "127.0.0.1", port: server!.port });
    await expect(run(dish, 1)).rejects.toMatchObject({ name: "DeviceStopped" });
    await server?.close();
    const looking = run(dish, 2);
    stop.stop();
    await expect(looking).rejects.toThrow(Stopped);
  });
});
