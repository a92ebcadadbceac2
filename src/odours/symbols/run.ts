/**
 * The whole experiment of symbols: arms on the wiring itself, descent on changed wirings and on receptors alone, seed by seed; the same
 * command goes on where it was stopped.
 */
import type { Wiring } from "../../wiring/contract.ts";
import { loadWiring } from "../../wiring/file/load.ts";
import { LARVA, type Source } from "../circuit.ts";
import { Controls, carried } from "../controls.ts";
import { type Held, withFolder } from "../kept.ts";
import { LARVA_ANSWERS, type SymbolPupil, symbolPupil, symbolReceptors } from "./circuit.ts";
import type { SymbolsConfig } from "./config.ts";
import { runSymbols, type SymbolLesson, type SymbolResult } from "./lesson.ts";
import { type ChangedResults, NO_BRAIN, type SymbolsReport, symbolsReport } from "./report.ts";

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

/** Throws `ClaimError` where another process has the folder, `WiringError` where the file or the folder cannot be used. */
export async function runSymbolsExperiment(
  config: SymbolsConfig,
  options: SymbolsOptions,
): Promise<SymbolsReport> {
  const { path, folder, answers = LARVA_ANSWERS, signal } = options;
  const wiring = loadWiring(path);
  return withFolder(
    folder,
    { config, answers, source: wiring.facts },
    {
      signal,
      work: (held) => new SymbolsRun(config, { ...options, ...held, answers, wiring }).whole(),
    },
  );
}

class SymbolsRun {
  private readonly source: Source;
  private readonly controls: Controls;
  private readonly total: number;
  private done = 0;

  constructor(
    private readonly config: SymbolsConfig,
    private readonly options: SymbolsOptions &
      Held & { readonly answers: readonly string[]; readonly wiring: Wiring },
  ) {
    const { path, wiring, units } = options;
    this.source = { path, wiring, words: LARVA };
    const onTuning = (name: string, seed: number) => this.tell(`tuning: ${name} ${seed}`);
    this.controls = new Controls({ source: this.source, synapseMv: config.synapseMv, units, onTuning });
    this.total = config.seeds * (config.arms.length + this.changed.length);
  }

  async whole(): Promise<SymbolsReport> {
    const { config } = this;
    const { answers, wiring } = this.options;
    const results: SymbolResult[] = [];
    for (const seed of this.seeds) results.push(await this.arms(seed));
    const changed: ChangedResults[] = [];
    for (const name of this.changed) {
      const found: SymbolResult[] = [];
      for (const seed of this.seeds) {
        this.tell(`${name}, seed ${seed}`);
        found.push(await this.lesson(name, seed, { arms: ["descent"] }));
        this.done++;
      }
      changed.push({ wiring: name, results: found });
    }
    const after = config.arms.includes("rewired after") ? ["rewired"] : [];
    const points = await this.controls.points(
      [...new Set(["real", ...config.wirings, ...after])],
      this.seeds,
    );
    return symbolsReport({ config, answers, wiring, results, changed, points });
  }

  private get seeds(): number[] {
    const { firstSeed, seeds } = this.config;
    return Array.from({ length: seeds }, (_, i) => firstSeed + i);
  }

  private get changed(): string[] {
    return [...this.config.wirings.filter((name) => name !== "real"), NO_BRAIN];
  }

  private tell(message: string): void {
    this.options.onProgress?.(this.done, this.total, message);
  }

  private async arms(seed: number): Promise<SymbolResult> {
    const { arms } = this.config;
    const before = this.done;
    const onArm = (arm: string) => {
      this.tell(`seed ${seed}, ${arm}`);
      this.done++;
    };
    const result = await this.lesson("real", seed, { arms, onArm });
    this.done = before + arms.length;
    return result;
  }

  private lesson(
    name: string,
    seed: number,
    asked: Pick<SymbolLesson, "arms" | "onArm">,
  ): Promise<SymbolResult> {
    const { units, stop } = this.options;
    const { rounds, babbleRounds } = this.config;
    return units.kept(name === "real" ? `seed-${seed}` : `${name}-seed-${seed}`, async () => {
      const settings = { rounds, babbleRounds, trials: TRIALS };
      const heir = asked.arms.includes("rewired after") ? await this.heir(seed) : undefined;
      const pupil = await this.pupil(name, seed);
      return runSymbols({ pupil, seed, settings, stop, ...asked, ...(heir && { heir }) });
    });
  }

  private async pupil(name: string, seed: number): Promise<SymbolPupil> {
    const { synapseMv, rate } = this.config;
    const { answers } = this.options;
    const rule = { rate, ...RULE };
    if (name === NO_BRAIN) {
      const { circuit } = await this.pupil("real", seed);
      return symbolReceptors(circuit.glomeruli.length, answers.length, rule);
    }
    const { changes, gains } = await this.controls.at(name, seed);
    return symbolPupil(this.source, answers, { synapseMv, gains, rule }, changes);
  }

  private async heir(seed: number): Promise<NonNullable<SymbolLesson["heir"]>> {
    const pupil = await this.pupil("rewired", seed);
    const { changes } = await this.controls.at("rewired", seed);
    return { pupil, carry: (factors) => carried(this.source, changes, factors) };
  }
}
