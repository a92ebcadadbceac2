import { expect, it } from "vitest";
import { openDevice } from "../../device/gate/open.ts";
import { SimulatedMea } from "../../device/simulated/driver.ts";
import { simulatedMeaDefaults } from "../../device/simulated/parameters.ts";
import { grownCulture } from "../../device/simulated/testing.ts";
import { Twin } from "../twin/twin.ts";
import { plainLayout, presentOn } from "./presented.testing.ts";
import { TwinTrials } from "./twin-trial.ts";
import { trialSteps } from "./window.ts";

it("reads from a twin to the spike what the device reads from its culture", async () => {
  const seed = 6;
  const { detection, stimulation } = simulatedMeaDefaults;
  const device = openDevice(
    new SimulatedMea(grownCulture({ div: 21, seed, neurons: 400, preset: "default" }), {
      seed,
      // False detections alone are drawn from streams that began with the device.
      parameters: { stimulation, detection: { ...detection, noiseHz: 0 } },
    }),
  );
  const { simulated } = device;
  if (!simulated) return expect.unreachable();
  simulated.plasticity(0);
  await device.read(25_000);
  const tissue = simulated.readTissue();
  const layout = plainLayout(device);
  const trial = trialSteps(layout, tissue.parameters.stepFrames);
  const twin = new Twin(tissue, {
    binOf: trial.binOf,
    windows: 3,
    widthMv: 5,
    detachReset: true,
    stride: 5,
  });
  const trials = new TwinTrials(twin, tissue, layout, seed);
  let spikes = 0;
  for (const context of [
    [18, 20, 34],
    [36, 50, 52],
    [9, 45, 54],
  ]) {
    const counts = await presentOn(device, layout, context);
    expect(trials.present(context)).toEqual(counts);
    spikes += counts.reduce((sum, count) => sum + count, 0);
  }
  expect(spikes).toBeGreaterThan(30);
});
