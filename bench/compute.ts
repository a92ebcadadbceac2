/**
 * Training steps here, in PyTorch on the same CPU (where Debian's python3-torch is installed) and on jax-js alone: a
 * reference transformer, and the default forecasting emulator's own two. Same sizes, same arithmetic. And the emulator's
 * closed-loop step on one thread.
 *
 * Steps here and in PyTorch are taken in turn, and of each the fastest is given: what others do on the machine makes steps
 * slower, never faster. On a machine that is never left alone the clock says little; `cpuMs`, what a step on one thread
 * takes of the CPU, is what it would say there. WETGRAD_BENCH_SECONDS: of each comparison (default 20).
 */
import { type ComputeDevice, trainStep } from "../src/compute/index.ts";
import { autoencoderCase, closedLoopLatency, dynamicsCase, EMULATOR } from "./compute/emulator.ts";
import { AUTOENCODER_IN_TORCH, DYNAMICS_IN_TORCH } from "./compute/emulator-in-torch.ts";
import { type Stepper, type StepTime, torchPeer } from "./compute/peer.ts";
import { TRANSFORMER, TRANSFORMER_IN_TORCH, transformerCase } from "./compute/transformer.ts";

interface Case {
  ours: (device: ComputeDevice, threads: number) => Promise<Stepper>;
  torch: (threads: number) => Promise<Stepper | null>;
}

const CASES: Readonly<Record<string, Case>> = {
  trainStep: {
    ours: async (device, threads) => {
      const example = transformerCase();
      return timed(await trainStep({ ...example, device, threads }), example.batch);
    },
    torch: (threads) => torchPeer(TRANSFORMER_IN_TORCH, TRANSFORMER, threads),
  },
  emulatorStep: {
    ours: async (device, threads) => {
      const example = autoencoderCase();
      return timed(await trainStep({ ...example, device, threads }), example.batch);
    },
    torch: (threads) => torchPeer(AUTOENCODER_IN_TORCH, EMULATOR, threads),
  },
  dynamicsStep: {
    ours: async (device, threads) => {
      const example = dynamicsCase();
      return timed(await trainStep({ ...example, device, threads }), example.batch);
    },
    torch: (threads) => torchPeer(DYNAMICS_IN_TORCH, EMULATOR, threads),
  },
};

interface Trainable<Batch> {
  run(batch: Batch, options: { learningRate: number }): Promise<unknown>;
  dispose(): Promise<void>;
}

async function timed<Batch>(step: Trainable<Batch>, batch: Batch): Promise<Stepper> {
  const once = () => step.run(batch, { learningRate: 1e-3 });
  for (let i = 0; i < 3; i++) await once();
  return {
    async step() {
      const [start, busy] = [performance.now(), process.cpuUsage()];
      await once();
      const { user, system } = process.cpuUsage(busy);
      return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
    },
    stop: () => step.dispose(),
  };
}

/** The least that a step of each took, the steps of all being taken in turn for some seconds. */
async function leastInTurn(
  steppers: readonly (Stepper | null)[],
  seconds: number,
): Promise<(StepTime | null)[]> {
  const least: (StepTime | null)[] = steppers.map(() => null);
  const end = performance.now() + 1000 * seconds;
  do {
    for (const [i, stepper] of steppers.entries()) {
      if (!stepper) continue;
      const { wallMs, cpuMs } = await stepper.step();
      const before = least[i] ?? { wallMs, cpuMs };
      least[i] = { wallMs: Math.min(before.wallMs, wallMs), cpuMs: Math.min(before.cpuMs, cpuMs) };
    }
  } while (performance.now() < end);
  for (const stepper of steppers) await stepper?.stop();
  return least;
}

async function compare({ ours, torch }: Case, seconds: number): Promise<object> {
  const one = await leastInTurn([await ours("cpu", 1), await torch(1)], seconds);
  const two = await leastInTurn([await ours("cpu", 2), await torch(2)], seconds);
  const [reference] = await leastInTurn([await ours("jaxjs", 1)], seconds / 4);
  const byThreads = (i: number) => [one, two].map((steps) => steps[i]?.wallMs ?? null);
  const fastest = (i: number) => (one[i] && two[i] ? Math.min(one[i].wallMs, two[i].wallMs) : null);
  return {
    wetgradMs: fastest(0),
    torchMs: fastest(1),
    jaxjsMs: reference!.wallMs,
    byThreads: { wetgradMs: byThreads(0), torchMs: byThreads(1) },
    cpuMs: { wetgrad: one[0]!.cpuMs, torch: one[1]?.cpuMs ?? null, jaxjs: reference!.cpuMs },
  };
}

export async function run(): Promise<object> {
  const seconds = Number(process.env["WETGRAD_BENCH_SECONDS"] ?? 20);
  const report: Record<string, unknown> = {};
  for (const [name, example] of Object.entries(CASES)) {
    report[name] = await compare(example, seconds);
    console.error(`${name}: ${JSON.stringify(report[name])}`);
  }
  report["inference"] = await closedLoopLatency(2000);
  report["inferenceOf16Samples"] = await closedLoopLatency(2000, 16);
  return report;
}
