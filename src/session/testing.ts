/** For tests: cultures so small that a presentation takes no time, held in this thread. */
import type { StimulationLimits } from "../device/gate/limits.ts";
import { standardLayout } from "../protocol/testing.ts";
import type { Task } from "../tasks/contract.ts";
import { openTask } from "../tasks/open.ts";
import { localTissue } from "../tissue/local.ts";
import { Cultures } from "./cultures.ts";

export interface SmallCulturesOptions {
  readonly brains?: number;
  readonly limits?: StimulationLimits;
  /** Plasticity of three factors. */
  readonly eligibilityMs?: number;
  /** Called after every step; true stops. */
  readonly tick?: () => boolean;
}

export const SEED = 5;

export async function smallCultures(options: SmallCulturesOptions = {}): Promise<Cultures> {
  const { brains = 1, limits, eligibilityMs, tick = () => false } = options;
  const tissue = localTissue();
  await tissue.open(
    Array.from({ length: brains }, (_, brain) => ({
      brain,
      seed: SEED + brain,
      neurons: 120,
      div: 21,
      preset: "quiet",
      ...(limits ? { limits } : {}),
      ...(eligibilityMs === undefined ? {} : { eligibilityMs }),
    })),
  );
  const layouts = Array.from({ length: brains }, (_, brain) => standardLayout(SEED + brain));
  return new Cultures(tissue, layouts, tick);
}

/** The Henon map on each brain, in one cycle of 60 presentations and a probe of 20. */
export async function smallTask(brains = 1): Promise<Task> {
  const { protocol, frames, roles } = standardLayout(SEED);
  const open = await openTask("series", {
    brains,
    cycles: 1,
    presentations: 60,
    probeTrials: 20,
    streams: [{ series: "henon" }],
    places: roles.sensory.length,
    contextSize: protocol.contextSize,
    volleys: frames.volleys.length,
  });
  return open(SEED);
}
