/**
 * Careless, hurried and hostile plans through the gate to every kind of device that stimulates, judged by what the device
 * received at its own clock (bench/gate/received.ts): with late reads, lost packets, steps of the clock, connections and
 * processes that come and go, lists that are delivered again.
 *
 * WETGRAD_BENCH_PLANS: how many plans (default 10,000,000); WETGRAD_BENCH_SEED: the first seed (default 1);
 * WETGRAD_BENCH_DRIVERS: only these of them, names with commas between, each with its share of the plans.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { byReading } from "./gate/by-reading.ts";
import { overIntan } from "./gate/intan.ts";
import type { Outcome } from "./gate/outcome.ts";
import { overLink } from "./gate/served.ts";
import { overUdp } from "./gate/udp.ts";

interface Kind {
  readonly name: string;
  /** Of all plans. */
  readonly share: number;
  /** Plans for one device, before the next is made. */
  readonly each: number;
  run(plans: number, seed: number): Promise<Outcome>;
}

const KINDS: readonly Kind[] = [
  { name: "by-reading", share: 0.9, each: 50_000, run: byReading },
  { name: "udp", share: 0.096, each: 20_000, run: overUdp },
  { name: "intan", share: 0.002, each: 2_000, run: overIntan },
  { name: "cl1", share: 0.002, each: 2_000, run: overLink },
];

export async function run(): Promise<object> {
  const plans = Number(process.env["WETGRAD_BENCH_PLANS"] ?? 10_000_000);
  const seed = Number(process.env["WETGRAD_BENCH_SEED"] ?? 1);
  return judgeGate(plans, seed);
}

export interface GateFigures {
  readonly plans: number;
  readonly pulses: number;
  readonly received: number;
  readonly violations: number;
  readonly perDriver: Readonly<Record<string, Outcome>>;
}

export async function judgeGate(plans: number, firstSeed: number): Promise<GateFigures> {
  const given = process.env["WETGRAD_LEDGERS"];
  const ledgers = mkdtempSync(join(tmpdir(), "wetgrad-bench-"));
  process.env["WETGRAD_LEDGERS"] = ledgers;
  try {
    const perDriver: Record<string, Outcome> = {};
    const wanted = process.env["WETGRAD_BENCH_DRIVERS"]?.split(",");
    for (const { name, share, each, run: runOne } of KINDS) {
      if (wanted && !wanted.includes(name)) continue;
      const outcomes: Outcome[] = [];
      for (let left = Math.ceil(plans * share), seed = firstSeed; left > 0; left -= each, seed++)
        outcomes.push(await runOne(Math.min(each, left), seed));
      perDriver[name] = outcomes.reduce(together);
      console.error(`bench gate: ${name} ${JSON.stringify(perDriver[name])}`);
    }
    const all = Object.values(perDriver).reduce(together);
    return {
      plans: all.plans,
      pulses: all.pulses,
      received: all.received,
      violations: all.violations,
      perDriver,
    };
  } finally {
    if (given === undefined) delete process.env["WETGRAD_LEDGERS"];
    else process.env["WETGRAD_LEDGERS"] = given;
    rmSync(ledgers, { recursive: true, force: true });
  }
}

function together(a: Outcome, b: Outcome): Outcome {
  const refusedByRule = { ...a.refusedByRule };
  for (const [rule, count] of Object.entries(b.refusedByRule))
    refusedByRule[rule] = (refusedByRule[rule] ?? 0) + count;
  return {
    plans: a.plans + b.plans,
    pulses: a.pulses + b.pulses,
    received: a.received + b.received,
    violations: a.violations + b.violations,
    faults: [...a.faults, ...b.faults].slice(0, 5),
    accepted: a.accepted + b.accepted,
    refusedByRule,
  };
}
