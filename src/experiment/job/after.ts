/**
 * What is done with cultures afterwards: trained weights scrambled, and memory left to itself; the series shown for readouts to
 * be fitted on; synapses read.
 */
import { scrambledFactors, scrambledSources } from "../../device/simulated/scramble.ts";
import { Random } from "../../math/random.ts";
import type { Beginning } from "../../methods/contract.ts";
import { restingPlasticity } from "../../methods/plasticity.ts";
import type { CulturesState } from "../../session/cultures.ts";
import { walk } from "../../session/walk.ts";
import type { Ability } from "../../tissue/profile.ts";
import { type Holding, holdingOf, type Joins, joinsOf } from "../holdings/holdings.ts";
import type { Lab } from "./lab.ts";
import { probe } from "./probe.ts";
import type { Reading } from "./readings.ts";
import { recorded } from "./recorded.ts";

/** Counts `[R, N, B, C]` as read, and the class that followed each `[R, N]`. */
export type Shown = Pick<Reading, "read" | "targets">;

/**
 * Probes the cultures after each neuron's plastic input weights have been permuted among themselves; after method
 * `direct`, which changes every kind of synapse, the weights of all its inputs of one kind. Of a brain of a wiring diagram what
 * its synapses have learnt is dealt out anew among them all. Null where the tissue's synapses cannot be written.
 */
export async function probeScrambled<M, I>(
  lab: Lab<M, I>,
  trained: CulturesState,
  { patterns }: Beginning<M>,
): Promise<Reading | null> {
  const { cultures, plan } = lab;
  const { tissue, brains } = cultures;
  const can = (ability: Ability) =>
    brains.every((brain) => tissue.profile(brain).abilities.includes(ability));
  if (!can("synapses") && !can("learned")) return null;
  await cultures.restore(trained);
  for (const brain of brains) {
    const random = Random.of(lab.seed, "scramble", ...(brain === 0 ? [] : [brain]));
    if (can("synapses")) {
      const image = await tissue.perform(brain, { kind: "read-tissue" });
      const from = scrambledSources(image, lab.method.name === "direct", random);
      await tissue.perform(brain, { kind: "permute-synapses", from });
    } else {
      const factors = scrambledFactors(await tissue.perform(brain, { kind: "read-learned" }), random);
      await tissue.perform(brain, { kind: "write-learned", factors });
    }
  }
  return probe(lab, patterns, { arm: "scrambled", cycle: plan.cycles - 1 });
}

/** Leaves the cultures alone with their plasticity at the full rate, then probes them. */
export async function probeRetention<M, I>(
  lab: Lab<M, I>,
  trained: CulturesState,
  { patterns }: Beginning<M>,
): Promise<Reading | null> {
  const { cultures, plan } = lab;
  if (plan.retentionSeconds === 0) return null;
  const cycle = plan.cycles - 1;
  await cultures.restore(trained);
  await recorded(lab, { arm: "descent", cycle, phase: "spontaneous" }, () =>
    cultures.rest(plan.retentionSeconds, 1),
  );
  return probe(lab, patterns, { arm: "descent", cycle, phase: "retention" });
}

/** The series in its order shown to cultures as they were in `state`, with no writes: what a readout is fitted on. */
export async function showSeries<M, I>(
  { cultures, task, plan }: Lab<M, I>,
  state: CulturesState,
  { patterns }: Beginning<M>,
): Promise<Shown> {
  await cultures.restore(state);
  const { read, targets } = await walk(cultures, {
    world: task.world("train", 0, true),
    steps: plan.cycles * plan.presentations,
    plasticity: restingPlasticity(plan),
    patterns,
  });
  return { read, targets };
}

/**
 * Reads what the synapses of each culture hold as it stands, `[N]`; null where they cannot be read, or the series is not known
 * ahead. The whole image of a culture is large: it is read once, for what joins places and classes, and later the strengths alone.
 */
export function holdingsReader<M, I>(
  { cultures, task }: Lab<M, I>,
  { patterns }: Beginning<M>,
): (() => Promise<Holding[]>) | null {
  const { tissue, brains, layouts } = cultures;
  const { series } = task;
  if (!series || brains.some((brain) => !tissue.profile(brain).abilities.includes("synapses"))) return null;
  const joins: Joins[] = [];
  return async () => {
    const holdings: Holding[] = [];
    for (const brain of brains) {
      joins[brain] ??= joinsOf(
        await tissue.perform(brain, { kind: "read-tissue" }),
        layouts[brain],
        patterns[brain],
      );
      const strengths = await tissue.perform(brain, { kind: "read-strengths" });
      holdings.push(holdingOf(joins[brain], strengths, series[brain]));
    }
    return holdings;
  };
}
