/**
 * The whole experiment: working points, arms on the wiring itself, the teacher on its controls, and no brain at all, each unit (odours that
 * belong together, seed) on its own. What is done is kept in the folder, unit by unit: the same command goes on where it was stopped.
 */
import { labelsNamed, type Wiring } from "../../wiring/contract.ts";
import { loadWiring } from "../../wiring/file/load.ts";
import { selectCells } from "../../wiring/select.ts";
import { LARVA, type Source } from "../circuit.ts";
import { Controls, carried } from "../controls.ts";
import { type Held, withFolder } from "../kept.ts";
import { type Lead, leadOf } from "./arms.ts";
import type { OdoursConfig } from "./config.ts";
import { type Lesson, type LessonResult, runLesson } from "./lesson.ts";
import { brainPupil, receptorsPupil, type Taught } from "./pupils.ts";
import { type Condition, type OdoursReport, reportOf } from "./report.ts";
import { stimuliOf, type Unit } from "./stimuli.ts";

export interface OdoursOptions {
  readonly path: string;
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, message: string) => void;
}

export const NO_BRAIN = "no brain";

/** Of each odour, in each test; and how much an odour may be liked beside what is usual before the hand speaks. */
const [TEST_TRIALS, MARGIN] = [10, 0.1];
/** Where dopamine also raises synapses they return slowly, or nothing lasts; else as `DOPAMINE` has it. */
const SLOW = { recoverySeconds: 6000 } as const;

/** Throws `ClaimError` where another process has the folder, `WiringError` where the file or the folder cannot be used. */
export async function runOdours(config: OdoursConfig, options: OdoursOptions): Promise<OdoursReport> {
  const { path, folder, signal } = options;
  const wiring = loadWiring(path);
  return withFolder(
    folder,
    { config, source: wiring.facts },
    { signal, work: (held) => new OdoursRun(config, { ...options, ...held, wiring }).whole() },
  );
}

class OdoursRun {
  private readonly source: Source;
  private readonly controls: Controls;
  private readonly lead: Lead;
  private readonly known = new Map<string, Taught>();
  private done = 0;
  private total = 0;

  constructor(
    private readonly config: OdoursConfig,
    private readonly options: OdoursOptions & Held & { readonly wiring: Wiring },
  ) {
    const { path, wiring, units, onProgress } = options;
    this.source = { path, wiring, words: LARVA };
    this.lead = leadOf(config.arms);
    const onTuning = (name: string, seed: number) =>
      onProgress?.(this.done, this.total, `tuning: ${name} ${seed}`);
    this.controls = new Controls({ source: this.source, synapseMv: config.synapseMv, units, onTuning });
  }

  async whole(): Promise<OdoursReport> {
    const { config } = this;
    const conditions = this.conditions();
    const units = this.allUnits();
    this.total = conditions.length * units.length;
    const results: { condition: Condition; units: LessonResult[] }[] = [];
    for (const condition of conditions) {
      const found: LessonResult[] = [];
      for (const unit of units) {
        found.push(await this.unit(condition, unit));
        const { wiring, arm, readout } = condition;
        this.options.onProgress?.(++this.done, this.total, `${wiring}, ${arm}, by ${readout}`);
      }
      results.push({ condition, units: found });
    }
    const { wiring } = this.options;
    const types = labelsNamed(wiring, "type");
    const outputTypes = Array.from(
      selectCells(wiring, LARVA.receivers),
      (cell) => types?.values[types.of[cell]] ?? "",
    );
    const seeds = Array.from({ length: config.seeds }, (_, seed) => seed);
    const points = await this.controls.points(this.asked, seeds);
    return reportOf({ config, wiring, results, points, outputTypes });
  }

  /** Wirings that are asked for, the wiring itself first. */
  private get asked(): string[] {
    const { wirings, arms } = this.config;
    const after = arms.includes("rewired after") ? ["rewired"] : [];
    return [...new Set(["real", ...wirings, ...after])];
  }

  /** Who leads first: others replay it. */
  private conditions(): Condition[] {
    const { arms, wirings, readouts } = this.config;
    const sorted = [...arms].sort((a, b) => Number(b === this.lead) - Number(a === this.lead));
    const changed = wirings.filter((name) => name !== "real");
    return [
      ...readouts.flatMap((readout) => [
        ...sorted.map((arm) => ({ wiring: "real", arm, readout })),
        ...changed.map((wiring) => ({ wiring, arm: this.lead, readout })),
      ]),
      ...([this.lead, "yoked"] as const).map((arm) => ({ wiring: NO_BRAIN, arm, readout: "names" as const })),
    ];
  }

  private allUnits(): Unit[] {
    const { pairs, firstPair, seeds } = this.config;
    return Array.from({ length: pairs * seeds }, (_, i) => ({
      pair: firstPair + Math.floor(i / seeds),
      seed: i % seeds,
    }));
  }

  private async unit(condition: Condition, unit: Unit): Promise<LessonResult> {
    const { wiring, arm, readout } = condition;
    return this.options.units.kept(`${wiring}-${arm}-${readout}-${unit.pair}-${unit.seed}`, async () => {
      const taught = await this.taught(condition, unit.seed);
      const { lead } = this;
      const replays = arm === "yoked" || arm === "random";
      const leader = replays ? await this.unit({ ...condition, arm: lead }, unit) : undefined;
      const { trials, task, babbleRounds } = this.config;
      const stimuli = stimuliOf(task, unit, taught.pupil.circuit.glomeruli.length);
      const settings = {
        ...{ trials, testTrials: TEST_TRIALS, margin: MARGIN },
        babbleRounds: lead === "descent" ? babbleRounds : 0,
      };
      const lesson = { ...taught, arm, lead, unit, stimuli, settings, stop: this.options.stop };
      const heir = await this.heir(condition, unit.seed);
      return runLesson({ ...lesson, ...(leader && { leadGave: leader.given }), ...(heir && { heir }) });
    });
  }

  /** Made once for all units of a wiring and seed. */
  private async taught(
    { wiring, arm, readout }: Condition,
    seed: number,
    rate = this.config.rate,
  ): Promise<Taught> {
    const { synapseMv, heal } = this.config;
    const rule = { rate, heal, ...(heal > 0 && SLOW) };
    const key = JSON.stringify([wiring, readout, rule, wiring === "real" || wiring === NO_BRAIN ? 0 : seed]);
    const known = this.known.get(key);
    if (known) return known;
    let taught: Taught;
    if (wiring === NO_BRAIN) {
      const brain = await this.taught({ wiring: "real", arm, readout }, seed);
      taught = receptorsPupil(brain.pupil.circuit.glomeruli.length, rule);
    } else
      taught = brainPupil(this.source, await this.controls.at(wiring, seed), { synapseMv, rule }, readout);
    this.known.set(key, taught);
    return taught;
  }

  private async heir(condition: Condition, seed: number): Promise<Lesson["heir"]> {
    if (condition.arm === "no dopamine") {
      const { pupil } = await this.taught(condition, seed, 0);
      return { pupil, carry: (factors) => factors };
    }
    if (condition.arm !== "rewired after") return undefined;
    const { pupil } = await this.taught({ ...condition, wiring: "rewired" }, seed);
    const { changes } = await this.controls.at("rewired", seed);
    return { pupil, carry: (factors) => carried(this.source, changes, factors) };
  }
}
