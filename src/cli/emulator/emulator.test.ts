import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { Noise } from "../../compute/index.ts";
import { openForecastEmulator } from "../../forecast/rollout/forecast-emulator.ts";
import { decodeForecastEmulator } from "../../forecast/training/saved-emulator.ts";
import { cutWindows } from "../../forecast/windows/cut-windows.ts";
import { Random } from "../../math/random.ts";
import { readForecastReport } from "../../report/forecast/files.ts";
import { wetgrad } from "../testing.ts";

/** Four channels that burst together every 800 ms, a dead one, one spike in ten found twice; from `start` on. */
function spikeList(folder: string, name: string, seconds: number, start = 0): string {
  const random = Random.of(1, name);
  const spikes: [number, string][] = [];
  for (let time = start; time < seconds; time += 0.004) {
    const rate = time % 0.8 < 0.1 ? 60 : 2;
    for (const channel of ["A1", "A2", "B1", "B2"])
      if (random.uniform() < 0.004 * rate) {
        spikes.push([time, channel]);
        if (random.uniform() < 0.1) spikes.push([time + 0.0003, channel]);
      }
  }
  spikes.push([seconds / 2, "dead"]);
  spikes.sort(([a], [b]) => a - b);
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, `time,channel\n${spikes.map(([t, c]) => `${t.toFixed(4)},${c}`).join("\n")}\n`);
  return path;
}

describe("wetgrad emulator", { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-emulator-"));
  const model = join(folder, "model");
  let recording: string;
  beforeAll(() => {
    recording = spikeList(folder, "culture", 110);
  });

  test("fit finds doubles and dead channels; the same command does nothing more", async () => {
    const fit = ["emulator", "fit", recording, "--steps", "60", "--out", model, "--json"];
    const first = await wetgrad(...fit);
    expect(first).toMatchObject({ code: 0 });
    const result = JSON.parse(first.stdout);
    expect(result).toMatchObject({ channels: 4, cleaning: { deadChannels: ["dead"] } });
    expect(result.cleaning.doubleDetectionShare).toBeGreaterThan(0.03);
    const bytes = readFileSync(join(model, "emulator.safetensors"));
    expect(await wetgrad(...fit)).toMatchObject({ code: 0 });
    expect(readFileSync(join(model, "emulator.safetensors"))).toEqual(bytes);
  });

  test("score writes a report, and the emulator knows more than the mean", async () => {
    const { code, stdout } = await wetgrad("emulator", "score", recording, "--model", model, "--json");
    expect(code).toBe(0);
    const { scores, paths } = JSON.parse(stdout);
    expect(scores.map(({ name }: { name: string }) => name)).toEqual(["emulator", "mean", "flat", "ema"]);
    expect(scores[0].bits.pooled.value).toBeGreaterThan(0.1);
    expect(readForecastReport(model).data).toMatchObject({ channels: 4, synthetic: false });
    expect(readFileSync(paths.html, "utf8")).toContain("<svg");
  });

  test("forecast predicts by patch and by channel; sample continues as a recording that opens", async () => {
    const table = join(folder, "forecast.csv");
    const forecast = ["emulator", "forecast", recording, "--model", model];
    const { code, stdout } = await wetgrad(...forecast, "--at", "40", "--out", table, "--json");
    expect(code).toBe(0);
    const { patches, expected } = JSON.parse(stdout);
    expect(patches).toHaveLength(5);
    expect(expected).toHaveLength(25);
    expect(readFileSync(table, "utf8").split("\n")[0]).toBe('seconds,"A1","A2","B1","B2"');
    const outside = await wetgrad(...forecast, "--at", "1");
    expect(outside).toMatchObject({ code: 2, stdout: "" });
    expect(outside.stderr).toContain("expected a moment from 2.00 to");

    const dream = join(folder, "dream.csv");
    const sampled = ["emulator", "sample", recording, "--model", model, "--out", dream, "--seconds", "5"];
    expect(await wetgrad(...sampled)).toMatchObject({ code: 0 });
    const text = readFileSync(dream, "utf8");
    await wetgrad(...sampled);
    expect(readFileSync(dream, "utf8")).toBe(text);
    expect(text.split("\n").length).toBeGreaterThan(20);
  });

  test("model export writes what it forecasts with as an ONNX file", async () => {
    const out = join(folder, "forecast.onnx");
    const { code, stdout } = await wetgrad("model", "export", model, out, "--samples", "3", "--json");
    expect(code).toBe(0);
    const { inputs, outputs } = JSON.parse(stdout);
    expect(inputs).toEqual([
      { name: "counts", shape: [1, 100, 4] },
      { name: "noise", shape: [3, 5, 16] },
    ]);
    expect(outputs[0]).toEqual({ name: "rates", shape: [1, 3, 25, 4] });
    const { shape, parameters } = decodeForecastEmulator(readFileSync(join(model, "emulator.safetensors")));
    const history = Float32Array.from({ length: 400 }, (_, i) => +(i % 7 === 0));
    const noise = Noise.of(2).normals([3, 5, 16]).data as Float32Array;
    const session = await InferenceSession.create(out);
    const { rates } = await session.run({
      counts: new OrtTensor("float32", history, [1, 100, 4]),
      noise: new OrtTensor("float32", noise, [3, 5, 16]),
    });
    await session.release();
    const emulator = openForecastEmulator(parameters, shape, { samples: 3 });
    const batch = cutWindows(
      { binSeconds: 0.02, channels: 4, sequences: [Uint8Array.from([...history, ...Array(100).fill(0)])] },
      [[0, 100]],
      emulator.window,
    );
    const forecast = await emulator.forecast(batch, Noise.of(2));
    await emulator.dispose();
    forecast.rates.forEach((rate, i) => {
      expect(Math.abs(Number(rates!.data[i]) / rate - 1)).toBeLessThan(1e-3);
    });

    const wrong = await wetgrad("model", "export", model, out, "--program", "dream");
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('expected forecast, encode of an emulator, got "dream"');
    expect((await wetgrad("model", "export", folder, out)).stderr).toContain("expected a folder with");
    expect((await wetgrad("model", "export", recording, out)).stderr).toContain("emulator file:");
  });

  test("adapt measures frozen, adapted and refitted", async () => {
    const later = spikeList(folder, "later", 53, 3);
    const words = ["emulator", "adapt", recording, later, "--steps", "20", "--out", model, "--json"];
    const { code, stdout, stderr } = await wetgrad(...words);
    expect(code).toBe(0);
    expect(stderr).toContain(`${later}: nothing fires for the first 3`);
    const [day] = JSON.parse(stdout).days;
    expect(Object.keys(day.adapters)).toEqual(["gain", "experts"]);
    for (const value of [day.frozen, day.retrained, day.adapters.experts.bits])
      expect(value).toBeTypeOf("number");
  });

  test("what is wrong is one line and leaves nothing behind", async () => {
    const none = join(folder, "none");
    const short = join(folder, "short.csv");
    writeFileSync(short, "time,channel\n0.1,A1\n0.2,A1\n0.9,A1\n");
    for (const [words, message] of [
      [["fit", join(folder, "missing.h5"), "--out", none], "missing.h5"],
      [["fit", recording, "--compute", "abacus", "--out", none], '"abacus"'],
      [["fit", short, "--out", none], "give a longer recording"],
      [["score", recording, "--model", none], "fit one first"],
      [["fit", recording, "--bin-ms", "3", "--out", model], "choose another --out"],
    ] as const) {
      const { code, stdout, stderr } = await wetgrad("emulator", ...words);
      expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
      expect(stderr).toContain(message);
    }
    expect(existsSync(none)).toBe(false);
  });
});
