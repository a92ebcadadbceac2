/** The whole experiment of symbols, seed by seed; the same command goes on where it was stopped. */
import { StopFlag } from "../../tissue/stop-flag.ts";
import { loadWiring } from "../../wiring/file/load.ts";
import { keptUnits } from "../kept.ts";
import { LARVA_ANSWERS, symbolCircuit } from "./circuit.ts";
import type { SymbolsConfig } from "./config.ts";
import { runSymbols, type SymbolResult } from "./lesson.ts";
import { type SymbolsReport, symbolsReport } from "./report.ts";

/** Of the rule: the same dopamine raises synapses of silent senders, and weights return slowly: without the first everything ends at the floor. */
const RULE = { heal: 0.5, recoverySeconds: 6000 } as const;
/** Of each symbol, in an exam. */
const TRIALS = 5;

export interface SymbolsOptions {
  readonly path: string;
  readonly folder: string;
  /** Compartments that answer; the larva's eight if not given. */
  readonly answers?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, message: string) => void;
}

export async function runSymbolsExperiment(
  config: SymbolsConfig,
  options: SymbolsOptions,
): Promise<SymbolsReport> {
  const { path, folder, answers = LARVA_ANSWERS, signal, onProgress } = options;
  const wiring = loadWiring(path);
  const units = keptUnits(folder, { config, answers, source: wiring.facts }, signal);
  const stop = new StopFlag();
  signal?.addEventListener("abort", () => stop.stop(), { once: true });
  const { rounds, babbleRounds, synapseMv, rate } = config;
  const circuit = symbolCircuit({ path, wiring }, answers, { synapseMv, rule: { rate, ...RULE } });
  const total = config.seeds * config.arms.length;
  let done = 0;
  const results: SymbolResult[] = [];
  for (let seed = config.firstSeed; seed < config.firstSeed + config.seeds; seed++) {
    const before = done;
    const lesson = {
      circuit,
      seed,
      arms: config.arms,
      stop,
      settings: { rounds, babbleRounds, trials: TRIALS },
    };
    results.push(
      await units.kept(`seed-${seed}`, () =>
        runSymbols({ ...lesson, onArm: (arm) => onProgress?.(done++, total, `seed ${seed}, ${arm}`) }),
      ),
    );
    done = before + config.arms.length;
    onProgress?.(done, total, `seed ${seed}`);
  }
  return symbolsReport({ config, answers, wiring, results });
}
