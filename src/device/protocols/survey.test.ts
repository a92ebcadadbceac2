import { expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../gate/limits.ts";
import { openDevice } from "../gate/open.ts";
import { Recorder, recorderProfile } from "../gate/testing/recorder.ts";
import { smallMea } from "../simulated/testing.ts";
import { pulsesFor } from "../stimulation.ts";
import { surveyable, surveyDevice, surveyOrder } from "./survey.ts";

const options = { seed: 4, repeats: 2, gapMs: 30 };

it("pulses every electrode alone, each once a round, and counts what comes on others 4 to 20 ms after", async () => {
  const device = openDevice(smallMea());
  const survey = await surveyDevice(device, options);
  expect(survey.channels).toEqual(Array.from({ length: 64 }, (_, channel) => channel));
  expect(survey.refused).toBe(0);
  // The same on a culture like it, spike by spike.
  const other = openDevice(smallMea());
  other.simulated?.plasticity(0);
  const expected = new Uint32Array(64 * 64);
  for (const pulsed of surveyOrder(survey.channels, 2, 4)) {
    const start = other.now();
    await other.stimulate(pulsesFor([pulsed], 1, start, other.profile));
    const { frames, channels } = await other.read(start + 30 * 25);
    frames.forEach((frame, i) => {
      const ms = (frame - start) / 25;
      if (ms >= 4 && ms < 20 && channels[i] !== pulsed) expected[64 * pulsed + channels[i]]++;
    });
  }
  expect(survey.counts).toEqual(expected);
  expect(survey.counts.reduce((sum, count) => sum + count)).toBeGreaterThan(100);
  const accounts = device.ledger().electrodes;
  expect(accounts.map(({ pulses }) => pulses)).toEqual(Array(64).fill(2));
});

it("goes on where the gate refuses, and says how often; and never pulses what may not be", async () => {
  const limits = { ...DEFAULT_LIMITS, budget: { ...DEFAULT_LIMITS.budget, maxPulses: 1 } };
  const survey = await surveyDevice(openDevice(smallMea(), { limits }), options);
  expect(survey.refused).toBe(64);
  const { profile } = smallMea();
  const unknown = profile.electrodes.map((electrode, i) =>
    i === 5 ? { ...electrode, material: "unknown" as const } : electrode,
  );
  expect(surveyable({ ...profile, electrodes: unknown, reservedChannels: [0, 63] })).toEqual(
    Array.from({ length: 62 }, (_, i) => i + 1).filter((channel) => channel !== 5),
  );
});

/** A device whose clock is ahead of what has been read of it. */
class Ahead extends Recorder {
  present() {
    return this.now() + 200;
  }
}

it("plans on a live device from where its clock has come to", async () => {
  const electrodes = [0, 1, 2].map((channel) => ({ ...recorderProfile.electrodes[1], channel }));
  const driver = new Ahead({ ...recorderProfile, electrodes });
  const survey = await surveyDevice(openDevice(driver), { seed: 4, repeats: 2, gapMs: 100 });
  expect(survey).toMatchObject({ channels: [0, 1, 2], refused: 0 });
  expect(driver.delivered.map(({ frame }) => frame)).toEqual([260, 620, 980, 1340, 1700, 2060]);
});
