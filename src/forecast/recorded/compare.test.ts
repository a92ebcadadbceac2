import { beforeEach, expect, test, vi } from "vitest";
import type { ForecastEmulator } from "../rollout/forecast-emulator.ts";
import { defaultShape, forecastWindow } from "../windows/forecast-shape.ts";
import type { ForecastWindow } from "../windows/forecaster.ts";
import { compareOnRecording } from "./compare.ts";

const disposed = vi.fn(async () => {});
const gruFit = vi.hoisted(() => ({ fails: false }));
function trained(name: string, window: ForecastWindow) {
  const size = window.futureBins * window.channels;
  return {
    name,
    window,
    forecast: async (batch: { size: number }) => ({
      samples: 1,
      rates: new Float32Array(batch.size * size).fill(0.5),
    }),
    dispose: disposed,
  };
}
vi.mock("../baselines/glm/fit-glm.ts", () => ({
  fitGlm: async (_train: unknown, _validation: unknown, window: ForecastWindow) => trained("glm", window),
}));
vi.mock("../baselines/gru.ts", () => ({
  fitGru: async (_train: unknown, _validation: unknown, window: ForecastWindow) => {
    if (gruFit.fails) throw new Error("the GRU does not fit");
    return trained("gru", window);
  },
}));

const shape = defaultShape(2);
const closed = vi.fn(async () => {});
/** An emulator that cannot forecast. */
const broken = {
  name: "emulator",
  window: forecastWindow(shape),
  shape,
  forecast: async () => {
    throw new Error("the emulator does not forecast");
  },
  dispose: closed,
} as unknown as ForecastEmulator;
const counts = {
  binSeconds: 0.02,
  channels: 2,
  sequences: [Uint8Array.from({ length: 2 * 1500 }, (_, i) => i % 2)],
};

beforeEach(() => {
  disposed.mockClear();
});

test("the baselines fitted so far are disposed of when the next one fails", async () => {
  gruFit.fails = true;
  const comparison = compareOnRecording(counts, broken, { seed: 1, trainedBaselines: true });
  await expect(comparison).rejects.toThrow("the GRU does not fit");
  expect(disposed).toHaveBeenCalledTimes(1);
});

test("all baselines are disposed of when scoring fails, and the emulator stays open", async () => {
  gruFit.fails = false;
  const comparison = compareOnRecording(counts, broken, { seed: 1, trainedBaselines: true });
  await expect(comparison).rejects.toThrow("the emulator does not forecast");
  expect(disposed).toHaveBeenCalledTimes(2);
  expect(closed).not.toHaveBeenCalled();
});
