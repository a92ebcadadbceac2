/**
 * Training steps here, in PyTorch on the same CPU (where Debian's python3-torch is installed) and on jax-js alone: a
 * reference transformer, and the default forecasting emulator's own two. Same sizes, same arithmetic. And the memory that a
 * long run takes, and the emulator's closed-loop step on one thread.
 *
 * Steps here and in PyTorch are taken in turn, and of each the fastest is given: what others do on the machine makes steps
 * slower, never faster. On a machine that is never left alone the clock says little; `cpuMs`, what a step on one thread
 * takes of the CPU, is what it would say there. `fromTorch`: how far loss and gradients here are from PyTorch's, of the
 * same parameters and batch. WETGRAD_BENCH_SECONDS: of each comparison (default 20).
 */
import { apart, CASES, type Case } from "./compute/cases.ts";
import { closedLoopLatency } from "./compute/emulator.ts";
import type { Stepper, StepTime } from "./compute/peer.ts";

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

async function compare({ ours, torch, start }: Case, seconds: number): Promise<object> {
  const peer = await torch(1);
  const fromTorch = peer && apart(await start(), peer.start);
  const one = await leastInTurn([await ours("cpu", 1), peer], seconds);
  const two = await leastInTurn([await ours("cpu", 2), await torch(2)], seconds);
  const [reference] = await leastInTurn([await ours("jaxjs", 1)], seconds / 4);
  const byThreads = (i: number) => [one, two].map((steps) => steps[i]?.wallMs ?? null);
  const fastest = (i: number) => (one[i] && two[i] ? Math.min(one[i].wallMs, two[i].wallMs) : null);
  return {
    wetgradMs: fastest(0),
    torchMs: fastest(1),
    jaxjsMs: reference!.wallMs,
    byThreads: { wetgradMs: byThreads(0), torchMs: byThreads(1) },
    fromTorch,
    cpuMs: { wetgrad: one[0]?.cpuMs ?? null, torch: one[1]?.cpuMs ?? null, jaxjs: reference!.cpuMs },
  };
}

/** Resident memory of this process during a run of 1,000 steps. */
async function memoryOf({ ours }: Case): Promise<{ rssAfter200Mb: number; rssAfter1000Mb: number }> {
  const stepper = await ours("cpu", 1);
  const after = async (steps: number) => {
    for (let i = 0; i < steps; i++) await stepper.step();
    return process.memoryUsage.rss() / 2 ** 20;
  };
  const memory = { rssAfter200Mb: await after(200), rssAfter1000Mb: await after(800) };
  await stepper.stop();
  return memory;
}

export async function run(): Promise<object> {
  const seconds = Number(process.env["WETGRAD_BENCH_SECONDS"] ?? 20);
  const report: Record<string, unknown> = {};
  for (const [name, example] of Object.entries(CASES)) {
    report[name] = await compare(example, seconds);
    console.error(`${name}: ${JSON.stringify(report[name])}`);
  }
  report["memory"] = await memoryOf(CASES.emulatorStep);
  report["inference"] = await closedLoopLatency(2000);
  report["inferenceOf16Samples"] = await closedLoopLatency(2000, 16);
  return report;
}
