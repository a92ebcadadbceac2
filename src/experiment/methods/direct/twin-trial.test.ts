import { expect, it } from "vitest";
import { Culture } from "../../../culture/culture.ts";
import { growCulture } from "../../../culture/presets.ts";
import { openDevice } from "../../../device/gate/open.ts";
import { SimulatedMea } from "../../../device/simulated/driver.ts";
import { simulatedMeaDefaults } from "../../../device/simulated/parameters.ts";
import { runTrial } from "../../../protocol/trial.ts";
import { Twin } from "../twin/twin.ts";
import { TwinTrials } from "./twin-trial.ts";
import { trialSteps } from "./window.ts";

it("reads from a twin to the spike what the device reads from its culture", async () => {
  const seed = 6;
  const { anatomy, parameters } = growCulture({ div: 21, seed, neurons: 400, preset: "default" });
  const { detection, stimulation } = simulatedMeaDefaults;
  const device = openDevice(
    new SimulatedMea(new Culture(anatomy, parameters, seed), {
      seed,
      // False detections alone are drawn from streams that began with the device.
      parameters: { stimulation, detection: { ...detection, noiseHz: 0 } },
    }),
  );
  const { simulated } = device;
  if (!simulated) return expect.unreachable();
  simulated.plasticity(0);
  await device.read(25_000);
  const { ultrastructure } = simulated;
  const trial = trialSteps(parameters.stepFrames);
  const twin = new Twin(
    ultrastructure.readSynapses(),
    ultrastructure.excitatoryCount,
    parameters,
    ultrastructure.readCells(),
    { binOf: trial.binOf, windows: 3, widthMv: 5, detachReset: true, stride: 5 },
  );
  const trials = new TwinTrials(twin, ultrastructure.electrodes, trial, parameters.stepFrames, seed);
  let spikes = 0;
  for (const context of [
    [18, 20, 34],
    [36, 50, 52],
    [9, 45, 54],
  ]) {
    const { counts } = await runTrial(device, context);
    expect(trials.present(context)).toEqual(counts);
    spikes += counts.reduce((sum, count) => sum + count, 0);
  }
  expect(spikes).toBeGreaterThan(30);
});
