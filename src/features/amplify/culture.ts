/** Targeted amplification on one culture, whole: record, find features, choose, write, compare. */
import { Random } from "../../math/random.ts";
import type { Method } from "../contract.ts";
import { fitDictionary } from "../fit.ts";
import { windowsInMemory } from "../windows/windows.ts";
import { type DoseResponse, type DoseTrial, measureDoses } from "./dose.ts";
import { type LastingResult, measureLasting } from "./lasting.ts";
import { closeLoop, type LoopResult } from "./loop.ts";
import { chooseByGradient, fitWriteModel } from "./model.ts";
import { controllability, electrodeScores, fitWrites, highest, type Written } from "./planners.ts";
import { type Pattern, Rig } from "./rig.ts";
import { gaugeOf } from "./scale.ts";
import { measureTask, type TaskResult } from "./task.ts";

export interface AmplifyOptions {
  readonly seed: number;
  readonly method: Method;
  /** Features that are looked for, and how many of them are amplified (or which one). */
  readonly features: number;
  readonly amplified: number;
  readonly feature?: number;
  /** Lower features that are driven, in place of raising them. */
  readonly down: boolean;
  /** Windows of random stimulation that are recorded. */
  readonly windows: number;
  readonly doses: readonly number[];
  readonly repeats: number;
  /** Writes with plasticity; 0: nothing lasting is measured. */
  readonly writes: number;
  /** Windows of a probe; the loop is held for 1.6 times as many, a datum of the task shown 0.4 times as often. */
  readonly probes: number;
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

export interface AmplifiedCulture {
  readonly seed: number;
  /** By feature. */
  readonly controllability: readonly number[];
  readonly chosen: readonly number[];
  readonly electrodes: Readonly<Record<string, readonly number[]>>;
  readonly doses: readonly DoseResponse[];
  readonly loop: readonly LoopResult[];
  readonly lasting: readonly LastingResult[];
  readonly task: TaskResult | null;
}

export const GRADIENT = "gradient";
/** The write that lasts and that the loop holds has so many electrodes. */
const WRITE_SIZE = 4;
const LEAK_COST = 2;
const FIT_SHARE = 0.75;

export async function amplifyCulture(options: AmplifyOptions): Promise<AmplifiedCulture> {
  const { seed, method, features, windows, doses, repeats, writes, probes, down, onProgress, signal } =
    options;
  const random = Random.of(seed, "amplify");
  const step = (message: string) => {
    signal?.throwIfAborted();
    onProgress?.(message);
  };
  step("growing");
  const rig = await Rig.grow(seed);
  try {
    step("recording random writes");
    const { u, counts } = await recordRandom(rig, windows, random.split("babble"));
    step("finding features");
    const cut = Math.floor(FIT_SHARE * windows);
    const [D, E] = [rig.width, rig.electrodes];
    const dictionary = await fitDictionary(windowsInMemory(counts.subarray(0, cut * D), D), {
      ...{ method, features, seed },
      em: { threshold: 2, batch: 500, steps: 400 },
      sae: { k: 6 },
    });
    const gauge = gaugeOf(dictionary, counts.subarray(0, cut * D));
    const z = gauge.measure(counts);
    const K = gauge.features;
    const part = (from: number, to: number): Written => ({
      u: u.subarray(from * E, to * E),
      z: z.subarray(from * K, to * K),
      ...{ E, K },
    });
    const learned = part(0, cut);
    const ridge = fitWrites(learned);
    const control = controllability(ridge, part(cut, windows));
    const ranked = [...control.keys()].sort((a, b) => control[b] - control[a]);
    // From the most controllable to the middle, evenly: not only the easiest.
    const spread = Array.from(
      { length: options.amplified },
      (_, i) => ranked[Math.floor((0.65 * i * K) / Math.max(1, options.amplified))],
    );
    const chosen = options.feature === undefined ? spread : [options.feature];
    step("choosing writes");
    const sign = down ? -1 : 1;
    const model = fitWriteModel(ridge, learned, random.split("model"));
    const trials: DoseTrial[] = [];
    const electrodes: Record<string, number[]> = {};
    const plans = new Map<number, Record<string, (count: number) => number[]>>();
    for (const k of chosen) {
      const scores = electrodeScores(ridge, learned, dictionary.directions, { k, sign });
      const shuffled = random.split(`random ${k}`).permutation(E);
      const best = bestWindow(learned, k, sign);
      const top = (name: keyof typeof scores) => (count: number) => highest(scores[name], count);
      plans.set(k, {
        ridge: top("ridge"),
        "selective-ridge": top("selective-ridge"),
        "difference-of-means": top("difference-of-means"),
        decoder: top("decoder"),
        random: (count) => shuffled.slice(0, count),
        "best-window": (count) => highest(best, count),
        [GRADIENT]: (count) =>
          chooseByGradient(model, {
            ...{ k, sign, count, leakCost: LEAK_COST },
            starts: [top("ridge")(count), top("difference-of-means")(count), shuffled.slice(0, count)],
          }),
      });
    }
    const raise = (k: number) =>
      highest(electrodeScores(ridge, learned, dictionary.directions, { k, sign: 1 }).ridge, WRITE_SIZE);
    trials.push({ feature: -1, arm: "blank", dose: 0, pattern: null, reference: "" });
    for (const [i, k] of chosen.entries()) {
      const base = down ? raise(k) : [];
      const reference = down ? `driven ${k}` : "blank -1";
      if (down)
        trials.push({ feature: k, arm: "driven", dose: 0, pattern: rig.patternOf(base), reference: "" });
      const other = plans.get(chosen[(i + 1) % chosen.length])!;
      const arms = { ...plans.get(k)!, ...(chosen.length > 1 ? { yoked: other["ridge"] } : {}) };
      for (const [arm, choose] of Object.entries(arms))
        for (const dose of doses) {
          const picked = choose(dose).filter((e) => !base.includes(e));
          electrodes[`${arm} ${k} ${dose}`] = picked;
          trials.push({
            ...{ feature: k, arm, dose, reference },
            pattern: rig.patternOf([...base, ...picked]),
          });
        }
    }
    step("writing");
    const raised = await measureDoses(rig, gauge, trials, { repeats, random: random.split("order") });
    // Downwards, what is lowered counts as strength.
    const measured = raised.map((row) => ({ ...row, targetSd: sign * row.targetSd }));
    const loop: LoopResult[] = [];
    const lasting: LastingResult[] = [];
    let task: TaskResult | null = null;
    if (!down) {
      for (const k of chosen) {
        step(`closing the loop on feature ${k}`);
        const pattern = rig.patternOf(raise(k));
        const level =
          0.5 *
          Math.max(
            0.5,
            ...measured.filter((r) => r.feature === k && r.arm === "ridge").map((r) => r.targetSd),
          );
        loop.push(
          await closeLoop(rig, gauge, {
            ...{ feature: k, pattern, level, windows: Math.ceil(1.6 * probes) },
            random: random.split(`loop ${k}`),
          }),
        );
      }
      if (writes > 0) {
        for (const [i, k] of chosen.slice(0, MOST_LASTING).entries()) {
          step(`writing feature ${k} with plasticity`);
          lasting.push(
            await measureLasting(rig, gauge, {
              ...{ feature: k, writes, probes, random: random.split(`lasting ${k}`) },
              electrodes: raise(k),
              otherElectrodes: raise(chosen[(i + 1) % chosen.length]),
            }),
          );
        }
        step("asking what the task gains");
        const patterns = Array.from({ length: K }, (_, k) => (control[k] > 0.05 ? raise(k) : null));
        if (patterns.filter((pattern) => pattern !== null).length >= 8)
          task = await measureTask(rig, gauge, {
            ...{ data: 8, repeats: Math.ceil(0.4 * probes), writes, patterns, random: random.split("task") },
          });
      }
    }
    return { seed, controllability: [...control], chosen, electrodes, doses: measured, loop, lasting, task };
  } finally {
    await rig.close();
  }
}

const MOST_LASTING = 3;
/** Share of recorded windows without a write, and most electrodes of one with. */
const BLANK = 0.2;
const MOST_ELECTRODES = 12;

async function recordRandom(rig: Rig, windows: number, random: Random) {
  const { electrodes: E, width: D } = rig;
  const u = new Float32Array(windows * E);
  const counts = new Float32Array(windows * D);
  for (let n = 0; n < windows; n++) {
    const pattern: Pattern = u.subarray(n * E, (n + 1) * E);
    if (random.uniform() >= BLANK)
      for (const e of random.permutation(E).slice(0, 1 + random.integer(MOST_ELECTRODES)))
        pattern[e] = 0.4 + 0.6 * random.uniform();
    await rig.present(pattern, counts.subarray(n * D, (n + 1) * D));
  }
  return { u, counts };
}

/** Amplitudes of the write under which feature k was greatest (or least), `[E]`. */
function bestWindow({ u, z, E, K }: Written, k: number, sign: 1 | -1): Float32Array {
  let best = 0;
  for (let n = 1; n < z.length / K; n++) if (sign * z[n * K + k] > sign * z[best * K + k]) best = n;
  return u.slice(best * E, (best + 1) * E);
}
