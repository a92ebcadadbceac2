/**
 * The closed loop on the simulated device in real time: read, bin, emulator, gate, pulse. At 100 Hz the forecasting
 * emulator of default size (64 channels, 2 s of context kept, 8 courses of the next 500 ms) takes in every tick as one
 * patch and its forecast chooses the electrode; at 1 kHz there is no emulator. Times are from the moment a tick was due
 * to the moment its pulse had passed the gate; ticks that fall due during another are missed and counted.
 *
 * The emulator is not trained: its weights are as drawn, which costs the same. At 1 kHz every third tick sends a pulse:
 * the gate admits 500 a second on the array. Then both again while every flood of bench/stop/ goes on in processes beside it: pages
 * that ask for recordings, start runs and do not read, and plans at another gate. WETGRAD_BENCH_SECONDS: length of each (default 60).
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Noise } from "../src/compute/index.ts";
import { binSpikes } from "../src/device/binning.ts";
import type { Device } from "../src/device/contract.ts";
import { openDevice } from "../src/device/gate/open.ts";
import { type LoopTiming, runLoop } from "../src/device/loop/loop.ts";
import { growSimulated } from "../src/device/simulated/grow.ts";
import { pulsesFor } from "../src/device/stimulation.ts";
import { type ForecastStream, openForecastStream } from "../src/forecast/rollout/forecast-stream.ts";
import { defaultShape } from "../src/forecast/windows/forecast-shape.ts";
import { untrainedEmulator } from "./compute/untrained.ts";

const SEED = 1;
const CHANNELS = 64;
/** An electrode rests this many ticks of 10 ms after a pulse: 12 pulses a second at most, the gate's budget is 15. */
const REST_TICKS = 8;
/** Ticks before the measured ones, for the compilers to warm up. */
const WARM_SECONDS = 2;

export async function run(): Promise<object> {
  const seconds = Number(process.env["WETGRAD_BENCH_SECONDS"] ?? 60);
  const quiet = await timedBoth(seconds);
  const flooded = await flooding(() => timedBoth(seconds));
  return { ...quiet, flooded, secondsEach: seconds, loadAverage: loadavg()[0] };
}

async function timedBoth(seconds: number) {
  const { parameters, shape, blend } = untrainedEmulator(SEED, CHANNELS);
  const hz1000 = await timed(seconds, 1000);
  const hz100 = await timed(seconds, 100, await openForecastStream(parameters, shape, { blend }));
  return { hz100, hz1000 };
}

/** Does `work` while the floods go on in other processes. */
async function flooding<T>(work: () => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-bench-"));
  const isSource = import.meta.url.endsWith(".ts");
  const script = new URL(isSource ? "./stop/flooding.ts" : "./stop/flooding.js", import.meta.url);
  const floods = fork(fileURLToPath(script), [folder], { execArgv: isSource ? ["--import", "tsx"] : [] });
  try {
    const ended = once(floods, "exit").then(() =>
      Promise.reject(new Error("bench loop: the floods have ended")),
    );
    await Promise.race([once(floods, "message"), ended]);
    return await Promise.race([work(), ended]);
  } finally {
    if (floods.connected) floods.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(
  seconds: number,
  rateHz: number,
  stream?: ForecastStream,
): Promise<LoopTiming & { pulses: number; cpuMsPerTick: number }> {
  const device = openDevice(growSimulated({ preset: "default", seed: SEED, div: 21 }));
  const work = stream ? emulated(device, rateHz, stream) : direct(device, rateHz);
  await runLoop(work, { rateHz, ticks: WARM_SECONDS * rateHz });
  const before = pulsesOf(device);
  const cpuBefore = process.cpuUsage();
  const timing = await runLoop(work, { rateHz, ticks: seconds * rateHz });
  const pulses = pulsesOf(device) - before;
  const { user, system } = process.cpuUsage(cpuBefore);
  // Of all threads, the last 0.12 ms of each wait, which are spun, included: what a busy machine cannot inflate.
  const cpuMsPerTick = (user + system) / 1000 / timing.ticks;
  await device.close();
  await stream?.dispose();
  console.error(`bench loop: ${rateHz} Hz ${JSON.stringify(timing)}`);
  return { ...timing, pulses, cpuMsPerTick };
}

function pulsesOf(device: Device): number {
  return device.ledger().pulses;
}

/** Reads what the tick brought, and pulses one electrode after another at every third. */
function direct(device: Device, rateHz: number) {
  const frames = device.profile.framesPerSecond / rateHz;
  let tick = 0;
  let seen = 0;
  return async () => {
    const from = device.now();
    const spikes = await device.read(from + frames);
    for (const count of binSpikes(spikes, from, { binFrames: frames, bins: 1, channels: CHANNELS }))
      seen += count;
    if (tick++ % 3 > 0) return;
    await device.stimulate(
      pulsesFor([(Math.floor(tick / 3) * 11 + seen) % CHANNELS], 1, device.now() + 5, device.profile),
    );
  };
}

/** The same with a forecast in between: pulses the rested electrode of which the emulator expects most. */
function emulated(device: Device, rateHz: number, stream: ForecastStream) {
  const shape = defaultShape(CHANNELS);
  const frames = device.profile.framesPerSecond / rateHz;
  const noise = Noise.of(SEED, "loop");
  const lastPulse = new Int32Array(CHANNELS).fill(-REST_TICKS);
  const state = { binFrames: frames / shape.patchBins, bins: shape.patchBins, channels: CHANNELS };
  const bins = stream.samples * shape.futurePatches * shape.patchBins;
  let tick = 0;
  return async () => {
    const from = device.now();
    const spikes = await device.read(from + frames);
    const counts = binSpikes(spikes, from, state);
    const { rates } = await stream.push(counts, noise);
    const expected = new Float64Array(CHANNELS);
    for (let i = 0; i < bins * CHANNELS; i++) expected[i % CHANNELS] += rates[i];
    let best = -1;
    for (let c = 0; c < CHANNELS; c++)
      if (tick - lastPulse[c] >= REST_TICKS && (best < 0 || expected[c] > expected[best])) best = c;
    lastPulse[best] = tick++;
    await device.stimulate(pulsesFor([best], 1, device.now() + 5, device.profile));
  };
}
