/**
 * The whole experiment: working points, arms on the wiring itself, the teacher on its controls, and no brain at all, each unit (pair of
 * odours, seed) on its own. What is done is kept in the folder, unit by unit: the same command goes on where it was stopped.
 */
import type { KeptUnits } from "../files/kept-units.ts";
import { Random } from "../math/random.ts";
import { StopFlag } from "../tissue/stop-flag.ts";
import { rewire } from "../wiring/change/rewire.ts";
import type { Wiring } from "../wiring/contract.ts";
import { loadWiring } from "../wiring/file/load.ts";
import { WIRINGS } from "./arms.ts";
import {
  type Circuited,
  circuitOf,
  LARVA,
  type Readout,
  type ReadoutName,
  readoutOf,
  type Source,
} from "./circuit.ts";
import type { OdoursConfig } from "./config.ts";
import { keptUnits } from "./kept.ts";
import { type LessonResult, runLesson, type Unit } from "./lesson.ts";
import { withoutBrain } from "./no-brain.ts";
import { type Condition, type OdoursReport, reportOf } from "./report.ts";
import { type Tuned, tune } from "./tune.ts";
import { type WorkingPoint, workingPoint } from "./working-point.ts";

export interface OdoursOptions {
  readonly path: string;
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, message: string) => void;
}

interface Prepared {
  readonly brain: Circuited;
  readonly point: WorkingPoint;
}

export async function runOdours(config: OdoursConfig, options: OdoursOptions): Promise<OdoursReport> {
  return new OdoursRun(config, options).whole();
}

class OdoursRun {
  private readonly wiring: Wiring;
  private readonly stop = new StopFlag();
  private readonly prepared = new Map<string, Prepared>();
  private readonly source: Source;
  private readonly units: KeptUnits;
  private done = 0;
  private total = 0;

  constructor(
    private readonly config: OdoursConfig,
    private readonly options: OdoursOptions,
  ) {
    this.wiring = loadWiring(options.path);
    this.source = { path: options.path, wiring: this.wiring, words: LARVA };
    const { folder, signal } = options;
    this.units = keptUnits(folder, { config, source: this.wiring.facts }, signal);
    options.signal?.addEventListener("abort", () => this.stop.stop(), { once: true });
  }

  async whole(): Promise<OdoursReport> {
    const { config } = this;
    const conditions = this.conditions();
    const units = this.allUnits();
    this.total = conditions.length * units.length;
    const results: {
      condition: Condition;
      units: Pick<LessonResult, "pair" | "seed" | "rightBefore" | "rightAfter">[];
    }[] = [];
    for (const condition of conditions) {
      const found: LessonResult[] = [];
      for (const unit of units) {
        found.push(await this.unit(condition, unit));
        this.options.onProgress?.(
          ++this.done,
          this.total,
          `${condition.wiring}, ${condition.arm}, by ${condition.readout}`,
        );
      }
      results.push({ condition, units: found });
    }
    const { glomeruli } = (await this.prepare("real", 0)).brain.circuit;
    const without = [false, true].map((isYoked) => ({
      condition: { wiring: "no brain", arm: isYoked ? "yoked" : "teacher", readout: "names" } as Condition,
      units: units.map((unit) => ({
        ...unit,
        ...withoutBrain(unit, glomeruli.length, isYoked, { rate: config.rate }),
      })),
    }));
    const points = Object.fromEntries([...this.prepared].map(([name, { point }]) => [name, point]));
    return reportOf({ config, wiring: this.wiring, results: [...results, ...without], points });
  }

  /** Teacher first: others replay it. */
  private conditions(): Condition[] {
    const { arms, wirings, readouts } = this.config;
    const sorted = [...arms].sort((a, b) => Number(b === "teacher") - Number(a === "teacher"));
    return readouts.flatMap((readout) => [
      ...sorted.map((arm) => ({ wiring: "real", arm, readout })),
      ...wirings
        .filter((name) => name !== "real")
        .map((wiring) => ({ wiring, arm: "teacher" as const, readout })),
    ]);
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
    return this.units.kept(`${wiring}-${arm}-${readout}-${unit.pair}-${unit.seed}`, async () => {
      const { brain } = await this.prepare(wiring, unit.seed);
      const needsTeacher = arm === "yoked" || arm === "random";
      const teacher = needsTeacher ? await this.unit({ ...condition, arm: "teacher" }, unit) : undefined;
      const lesson = { brain, arm, unit, readout: this.readout(readout, brain), stop: this.stop };
      return runLesson({ ...lesson, ...(teacher && { teacherGave: teacher.given }) });
    });
  }

  private readout(name: ReadoutName, { spec, circuit }: Circuited): Readout {
    const changed = (spec.changes ?? []).reduce(rewire, this.wiring);
    return readoutOf(name, this.source, changed, circuit);
  }

  /** The brain of a wiring at its working point: a changed wiring is tuned to that of the wiring itself, anew for each seed. */
  private async prepare(name: string, seed: number): Promise<Prepared> {
    const key = name === "real" ? name : `${name} ${seed}`;
    const known = this.prepared.get(key);
    if (known) return known;
    const { synapseMv, rate } = this.config;
    const changes = WIRINGS[name].changes(Random.of(seed, "wiring").bits());
    const made = (gains?: Tuned["gains"]) =>
      circuitOf(this.source, { synapseMv, gains, rule: { rate } }, changes);
    let prepared: Prepared;
    if (name === "real") {
      const point = await this.units.kept("point-real", () => workingPoint(made()));
      prepared = { brain: made(), point };
    } else {
      const goal = (await this.prepare("real", 0)).point;
      const tuned = await this.units.kept(`point-${key}`, () =>
        tune(made, goal, () => this.options.onProgress?.(this.done, this.total, `tuning: ${key}`)),
      );
      prepared = { brain: made(tuned.gains), point: tuned.point };
    }
    this.prepared.set(key, prepared);
    return prepared;
  }
}
