/**
 * What it costs to hold a vat's brains on other processes through NATS: a whole training cycle (100 ms of every brain;
 * descend, propose, write, live, read) in this process and on 1, 2 and 4 host processes of one thread each, with a
 * server of their own.
 *
 * Two shares of messages, for on a machine with fewer free cores than processes waiting is mostly for a core:
 * - `messageShare`, of wall time: of a cycle, the time of the step in which the busiest host computes no brain.
 * - `messageCpuShare`, of the cores' time: what this process (in its steps), the hosts and the server use together, less
 *   what the same steps use in this process. From /proc, so only where there is one; null elsewhere.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Tissue } from "../src/tissue/contract.ts";
import { localTissue } from "../src/tissue/local.ts";
import { natsTissue } from "../src/tissue/nats/coordinator/tissue.ts";
import { startProgram, startServer } from "../src/tissue/nats/testing.ts";
import { type Spent, specsOf, spend, trainedVat } from "./vat-cycle.ts";

export interface HostFigures {
  /** Host processes. */
  readonly n: number;
  readonly cycleMs: number;
  /** Of all processes together. */
  readonly cycleCpuMs: number | null;
  readonly messageShare: number;
  readonly messageCpuShare: number | null;
}

export interface HostsReport {
  readonly brains: number;
  readonly inProcess: { readonly cycleMs: number; readonly cycleCpuMs: number; readonly stepCpuMs: number };
  readonly hosts: HostFigures[];
}

const HOSTS = [1, 2, 4];
const BRAINS = 32;
const WARM_UP = 15;
const CYCLES = 50;

export const run = measureHosts;

/** One figure for each number of hosts, and the same cycle in this process. */
export async function measureHosts(): Promise<HostsReport> {
  console.error(`bench vat-hosts: ${BRAINS} brains in this process ...`);
  const alone = await cycles(localTissue());
  const inProcess = {
    cycleMs: alone.whole.wallMs / CYCLES,
    cycleCpuMs: alone.whole.cpuMs / CYCLES,
    stepCpuMs: alone.inSteps.cpuMs / CYCLES,
  };
  console.error(JSON.stringify(inProcess));
  const hosts: HostFigures[] = [];
  for (const n of HOSTS) {
    console.error(`bench vat-hosts: ${n} hosts ...`);
    hosts.push(await measure(n, inProcess.stepCpuMs));
    console.error(JSON.stringify(hosts.at(-1)));
  }
  return { brains: BRAINS, inProcess, hosts };
}

async function measure(n: number, simulationCpuMs: number): Promise<HostFigures> {
  const server = await startServer();
  const program = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
  const processes = Array.from({ length: n }, (_, k) => {
    const offer = ["--brains", `${Math.ceil(BRAINS / n)}`, "--threads", "1", "--name", `bench-${k}`];
    return startProgram(program, ["vat", "host", "--nats", server.url, "--json", ...offer]);
  });
  const pids = () => [server.process.pid!, ...processes.map(({ process }) => process.pid!)];
  let others = Number.NaN;
  try {
    for (const host of processes) await host.until(({ event }) => event === "offering");
    const tissue = await natsTissue({ nats: { url: server.url }, vat: "bench" });
    const { whole, inSteps } = await cycles(tissue, () => {
      others = cpuMsOf(pids());
      Object.assign(tissue.times, { steps: 0, wholeMs: 0, computeMs: 0 });
      return () => {
        others = cpuMsOf(pids()) - others;
      };
    });
    const { wholeMs, computeMs } = tissue.times;
    const messagesCpuMs = (inSteps.cpuMs + others) / CYCLES - simulationCpuMs;
    const cycleCpuMs = (whole.cpuMs + others) / CYCLES;
    const known = Number.isFinite(cycleCpuMs);
    return {
      n,
      cycleMs: whole.wallMs / CYCLES,
      cycleCpuMs: known ? cycleCpuMs : null,
      messageShare: (wholeMs - computeMs) / whole.wallMs,
      messageCpuShare: known ? messagesCpuMs / cycleCpuMs : null,
    };
  } finally {
    for (const host of processes) await host.kill();
    await server.stop();
  }
}

/** Opens the tissue, trains in it, and closes it. `onBegin` is called when what counts begins; it gives what ends it. */
async function cycles(tissue: Tissue, onBegin: () => () => void = () => () => {}) {
  await tissue.open(specsOf(BRAINS));
  const trained = await trainedVat(BRAINS, tissue);
  await trained.train(WARM_UP);
  Object.assign(trained.inSteps, { wallMs: 0, cpuMs: 0 });
  const whole: Spent = { wallMs: 0, cpuMs: 0 };
  const finish = onBegin();
  await spend(whole, () => trained.train(CYCLES));
  finish();
  const inSteps = { ...trained.inSteps };
  await tissue.close();
  await trained.dispose();
  return { whole, inSteps };
}

/** Kernel ticks of processes' user and system time: proc(5), fields 14 and 15; 100 a second on Linux. */
function cpuMsOf(pids: readonly number[]): number {
  if (!existsSync("/proc/self/stat")) return Number.NaN;
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return sum + 10 * (Number(fields[11]) + Number(fields[12]));
  }, 0);
}
