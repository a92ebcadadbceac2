/**
 * A whole vat experiment in one folder. Killed or stopped at any moment, the same call continues and ends with the same
 * bits, wherever the brains are held.
 *
 *   config.json   what the run is       tuning.json   what was changed of it as it went
 *   stages/   finished stages: brains' snapshots, models, probes
 *   models/*.safetensors   the joint emulator of each arm that descends, as fitted and as improved
 *   recording.nwb (if asked for) every spike and pulse; until the end in spool/
 *   report.json, report.html
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { writeSafetensors } from "../../compute/safetensors.ts";
import { compileVat, type VatPrograms } from "../../emulator/many/programs.ts";
import { writeWhole } from "../../files/whole.ts";
import type { VatTask } from "../../tasks/worlds/contract.ts";
import { openVatTask } from "../../tasks/worlds/open.ts";
import { playOpponents } from "../../tasks/worlds/pong/opponents.ts";
import type { BrainHolder } from "../../tissue/contract.ts";
import { Checkpoints } from "../checkpoint.ts";
import { RunControl } from "../control/control.ts";
import { type Tuning, tuning, tuningNotes } from "../control/tuning.ts";
import { claimFolder } from "../journal/claim.ts";
import { RunError } from "../run.ts";
import type { VatConfig } from "./config.ts";
import { type ArmOutcome, runVatSeed } from "./experiment.ts";
import { Stopped } from "./living.ts";
import type { VatObserver } from "./observer.ts";
import { VatRecorder, writeVatRecording } from "./recording.ts";
import { renderVat } from "./report/page.ts";
import { buildVatReport, type VatReport, type VatRunFacts } from "./report/report.ts";

/** Raised whenever a run of the old layout could no longer be continued. */
export const VAT_RUN_FORMAT = 3;

export interface VatHooks {
  readonly wetgradVersion: string;
  /** Makes the holder of one seed's brains: threads, whose gates look at `control`, or hosts of many machines. */
  readonly openHolder: (control: RunControl) => BrainHolder | Promise<BrainHolder>;
  /** Programs that outlive this run, for who runs several; compiled and disposed of by the run if not given. */
  readonly compiled?: Map<boolean, VatPrograms>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (event: { done: number; total: number; unit: string; message: string }) => void;
  /** Stops the run, and tunes cycles that begin from then on; also when the run is continued. */
  readonly control?: RunControl | undefined;
  /** For those who watch. */
  readonly observer?: VatObserver | undefined;
}

export interface VatRunResult {
  readonly folder: string;
  readonly report: VatReport;
  readonly paths: { readonly json: string; readonly html: string };
}

export async function runVat(config: VatConfig, folder: string, hooks: VatHooks): Promise<VatRunResult> {
  const taskOf = await openVatTask(config);
  const startedAt = performance.now();
  checkFolder(folder, config);
  const claim = claimFolder(folder);
  const control = hooks.control ?? new RunControl();
  const onAbort = () => control.stop();
  hooks.signal?.addEventListener("abort", onAbort);
  try {
    if (hooks.signal?.aborted || control.isStopped) throw new Stopped("stopped");
    writeConfig(folder, config);
    const { outcomes, tasks, opponents, notes } = await runSeeds(config, folder, taskOf, hooks, control);
    const report = buildVatReport(outcomes, {
      config,
      tasks,
      opponents,
      notes,
      wetgradVersion: hooks.wetgradVersion,
      timing: {
        wallSeconds: (performance.now() - startedAt) / 1000,
        peakMemoryMb: process.resourceUsage().maxRSS / 1024,
      },
    });
    const paths = { json: join(folder, "report.json"), html: join(folder, "report.html") };
    writeWhole(paths.json, `${JSON.stringify(report)}\n`);
    writeWhole(paths.html, renderVat(report));
    return { folder, report, paths };
  } catch (error) {
    // A gate that has been stopped refuses what is left of a step.
    if (control.isStopped && (error as Error).name === "UnsafePulse") throw new Stopped("stopped");
    throw error;
  } finally {
    hooks.signal?.removeEventListener("abort", onAbort);
    claim.release();
  }
}

async function runSeeds(
  config: VatConfig,
  folder: string,
  taskOf: (seed: number) => VatTask,
  hooks: VatHooks,
  control: RunControl,
) {
  const checkpoints = new Checkpoints(join(folder, "stages"));
  const spool = join(folder, "spool");
  const recorder = config.record ? new VatRecorder(spool, config.brains, hooks.observer) : null;
  const tuningPath = join(folder, "tuning.json");
  control.keepTuning(keptTuning(tuningPath), (now) => writeWhole(tuningPath, `${JSON.stringify(now)}\n`));
  const tuned = (seed: number, cycle: number) =>
    checkpoints.stage(`${seed}-tuning-${cycle}`, async () => control.tuning);
  const compiled = hooks.compiled ?? new Map<boolean, VatPrograms>();
  const outcomes: ArmOutcome[][] = [];
  const tasks: VatTask[] = [];
  const notes: string[] = [];
  const opponents: VatRunFacts["opponents"][number][] = [];
  const { cycles, presentations, probeTrials, babbleTrials } = config;
  const probes = probeTrials * (config.arms.includes("unconnected") ? 2 : 1);
  const perSeed = babbleTrials + probes + config.arms.length * cycles * (presentations + probeTrials);
  let ticks = 0;
  try {
    for (let s = 0; s < config.seeds; s++) {
      const seed = config.firstSeed + s;
      const task = taskOf(seed);
      const holder = await hooks.openHolder(control);
      try {
        outcomes.push(
          await runVatSeed({
            config,
            seed,
            task,
            checkpoints,
            observer: recorder ?? hooks.observer,
            holder: recorder?.holder(holder) ?? holder,
            async keep(name, learned) {
              mkdirSync(join(folder, "models"), { recursive: true });
              await writeSafetensors(join(folder, "models", `${name}.safetensors`), learned);
            },
            programs: async (connected) => {
              const programs =
                compiled.get(connected) ??
                (await compileVat(config.brains, task.classes, connected ? task.sight : "self"));
              compiled.set(connected, programs);
              return programs;
            },
            tuned: (cycle) => tuned(seed, cycle),
            tick: () => {
              ticks = Math.min(ticks + 1, (s + 1) * perSeed);
              const message = `vat ${s + 1} of ${config.seeds}`;
              hooks.onProgress?.({ done: ticks, total: config.seeds * perSeed, unit: "steps", message });
              return control.isStopped;
            },
          }),
        );
      } finally {
        await holder.close();
      }
      ticks = (s + 1) * perSeed;
      tasks.push(task);
      const tunings = await Promise.all(Array.from({ length: cycles }, (_, cycle) => tuned(seed, cycle)));
      notes.push(...tuningNotes(`seed ${seed}`, tunings));
      hooks.observer?.finished?.(seed, outcomes.at(-1)!, task);
      opponents.push(
        config.task === "pong"
          ? await checkpoints.stage(`${seed}-opponents`, () => playOpponents(config, seed))
          : {},
      );
    }
  } finally {
    if (!hooks.compiled) for (const programs of compiled.values()) await programs.dispose();
  }
  if (config.record) await writeVatRecording(join(folder, "recording.nwb"), spool, config);
  return { outcomes, tasks, opponents, notes };
}

function keptTuning(path: string): Tuning | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return tuning.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new RunError(`${path}: expected {"plasticity": 0 to 4}, got something else; mend or remove it`);
  }
}

/** The folder must be new, empty, or hold this very experiment. */
function checkFolder(folder: string, config: VatConfig): void {
  const path = join(folder, "config.json");
  if (!existsSync(path)) {
    if (existsSync(join(folder, "report.json")))
      throw new RunError(`${folder}: holds something that is not a run of a vat; choose another --out`);
    return;
  }
  let saved: { vatFormat?: unknown; config?: unknown };
  try {
    saved = JSON.parse(readFileSync(path, "utf8")) as typeof saved;
  } catch {
    throw new RunError(`${path}: expected a run's configuration, got something else; choose another --out`);
  }
  if (saved.vatFormat !== VAT_RUN_FORMAT)
    throw new RunError(
      `${folder}: expected a run of a vat of format ${VAT_RUN_FORMAT}, got ${String(saved.vatFormat)}; choose another --out`,
    );
  if (!isDeepStrictEqual(saved.config, JSON.parse(JSON.stringify(config))))
    throw new RunError(`${folder}: holds another experiment (see its config.json); choose another --out`);
}

function writeConfig(folder: string, config: VatConfig): void {
  const path = join(folder, "config.json");
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  writeWhole(path, `${JSON.stringify({ vatFormat: VAT_RUN_FORMAT, config }, null, 2)}\n`);
}
