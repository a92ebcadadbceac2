/**
 * Amplification that lasts: a pattern is written many times with plasticity on; before and after, some of its electrodes are pulsed as a
 * cue, and nothing is. Controls begin from the same moment of the same culture.
 */
import type { Random } from "../../math/random.ts";
import type { Pattern, Rig } from "./rig.ts";
import type { Gauge } from "./scale.ts";

export const LASTING_ARMS = ["written", "random", "yoked", "frozen", "sham"] as const;
export type LastingArm = (typeof LASTING_ARMS)[number];

export interface LastingOptions {
  readonly feature: number;
  /** Electrodes of the feature's pattern, and those of another feature's. */
  readonly electrodes: readonly number[];
  readonly otherElectrodes: readonly number[];
  readonly writes: number;
  readonly probes: number;
  readonly random: Random;
}

export interface LastingResult {
  readonly feature: number;
  /** By arm: the feature's change from before to after, cued and alone, in standard deviations; the cue's answer in spikes likewise. */
  readonly cued: Readonly<Record<LastingArm, number>>;
  readonly alone: Readonly<Record<LastingArm, number>>;
  readonly cuedSpikes: Readonly<Record<LastingArm, number>>;
}

/** A write and so many windows of rest after it, as the gate's budget of each electrode allows. */
const REST = 3;
/** Electrodes of the cue. */
const CUE = 1;

export async function measureLasting(
  rig: Rig,
  gauge: Gauge,
  options: LastingOptions,
): Promise<LastingResult> {
  const { feature, electrodes, otherElectrodes, writes, probes, random } = options;
  const simulated = rig.device.simulated!;
  const cue = rig.patternOf(electrodes.slice(0, CUE));
  const probe = async () => {
    rig.plasticity(0);
    const measure = async (pattern: Pattern | null) => {
      const counts = await rig.presentAll(new Array<Pattern | null>(probes).fill(pattern), 1);
      const z = gauge.measure(counts);
      let sum = 0;
      for (let n = 0; n < probes; n++) sum += z[n * gauge.features + feature] / probes;
      return { feature: sum, spikes: counts.reduce((total, count) => total + count, 0) / probes };
    };
    const cued = await measure(cue);
    const alone = await measure(null);
    return { cued: cued.feature, cuedSpikes: cued.spikes, alone: alone.feature };
  };
  const start = simulated.snapshot();
  const before = await probe();
  const patternFor = (arm: LastingArm): Pattern | null => {
    if (arm === "sham") return null;
    if (arm === "yoked") return rig.patternOf(otherElectrodes);
    if (arm !== "random") return rig.patternOf(electrodes);
    return rig.patternOf(random.permutation(rig.electrodes).slice(0, electrodes.length));
  };
  const after: Record<string, Awaited<ReturnType<typeof probe>>> = {};
  const unheard = new Float32Array(rig.width);
  for (const arm of LASTING_ARMS) {
    simulated.restore(start);
    rig.plasticity(arm === "frozen" ? 0 : 1);
    for (let w = 0; w < writes; w++) {
      await rig.present(patternFor(arm), unheard);
      for (let r = 0; r < REST; r++) await rig.present(null, unheard);
    }
    after[arm] = await probe();
  }
  simulated.restore(start);
  rig.plasticity(0);
  const change = (key: "cued" | "alone" | "cuedSpikes") =>
    Object.fromEntries(LASTING_ARMS.map((arm) => [arm, after[arm][key] - before[key]])) as Record<
      LastingArm,
      number
    >;
  return { feature, cued: change("cued"), alone: change("alone"), cuedSpikes: change("cuedSpikes") };
}
