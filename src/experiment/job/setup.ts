/** Sets up the work on one seed and code: grows the cultures where they are held, and compiles the emulator. */
import type { ComputeDevice } from "../../compute/index.ts";
import type { DeviceProfile, StimulableProfile } from "../../device/contract.ts";
import { OWN_SCALING } from "../../device/protocols/own-scaling.ts";
import { DEFAULT_SCAFFOLD, scaffolds } from "../../device/simulated/scaffolds.ts";
import { manyEmulator } from "../../emulator/many/many.ts";
import { compileJoint, type JointPrograms } from "../../emulator/many/programs.ts";
import { compileModels, type ModelPrograms } from "../../emulator/one/models.ts";
import { oneEmulator } from "../../emulator/one/one.ts";
import { ELIGIBILITY_MS } from "../../methods/plasticity.ts";
import { type Layout, layoutFor } from "../../protocol/layout.ts";
import { cultureSeed, type Plan } from "../../session/plan.ts";
import type { Task } from "../../tasks/contract.ts";
import { openTask } from "../../tasks/open.ts";
import type { CultureSpec } from "../../tissue/contract.ts";
import type { TissuePlace } from "../../tissue/place.ts";
import { profileOfSpec } from "../../tissue/wired/brain.ts";
import { RunError } from "../error.ts";
import { brainOf } from "../wired/words.ts";

/**
 * The cultures of a seed. The default culture, fitted to spontaneous activity, lets synapses grow to 0.5. In training they may
 * grow to more than that (`trainingMaximumWeight`), so that a datum's electrodes can make a class fire; the report says so. A method that rewards has
 * plasticity of three factors.
 */
export function specsOf(plan: Plan, seed: number, rewards: boolean): CultureSpec[] {
  const {
    brains,
    scaffold,
    neurons,
    div,
    preset,
    rule,
    limits,
    conditions,
    scalingLimit = OWN_SCALING.limit,
    wiring,
  } = plan;
  if (wiring)
    return Array.from({ length: brains }, (_, brain) => {
      const own = cultureSeed(plan, seed, brain);
      return { brain, seed: own, neurons, div, preset, wiring: brainOf(wiring, plan, own) };
    });
  return Array.from({ length: brains }, (_, brain) => ({
    brain,
    seed: cultureSeed(plan, seed, brain),
    neurons,
    div,
    ...(scaffold === DEFAULT_SCAFFOLD ? {} : { scaffold }),
    preset,
    ...(preset === "default" ? { maximumWeight: scaffolds[scaffold].trainingMaximumWeight } : {}),
    ...(rule ? { rule } : {}),
    ...(conditions === "dish" && preset === "default"
      ? { scaling: { ...OWN_SCALING, limit: scalingLimit } }
      : {}),
    ...(rewards ? { eligibilityMs: ELIGIBILITY_MS } : {}),
    ...(limits ? { limits } : {}),
  }));
}

/** What the cultures of a plan are read and written by, as far as is known before they are opened. */
export function profileAt(plan: Plan, place: TissuePlace | undefined): StimulableProfile {
  if (place?.kind === "dish" && place.profile) return place.profile;
  return plan.wiring ? profileOfSpec(plan.wiring) : scaffolds[plan.scaffold].profile;
}

/**
 * The task of each seed. Throws `TaskError` where the task cannot serve, and `RunError` where the passes do not fit, before anything
 * grows.
 */
export async function taskOf(
  plan: Plan,
  profile: DeviceProfile = scaffolds[plan.scaffold].profile,
): Promise<(seed: number) => Task> {
  const { brains, cycles, passes = 1, presentations, probeTrials, streams, game } = plan;
  if (cycles % passes !== 0)
    throw new RunError(
      `passes: expected a divisor of the ${cycles} cycles, got ${passes}; change --passes or --cycles`,
    );
  const { protocol, roles } = layoutFor(profile, plan.firstSeed, 1);
  return openTask(plan.task, {
    brains,
    cycles: cycles / passes,
    presentations,
    probeTrials,
    streams,
    places: roles.sensory.length,
    contextSize: protocol.contextSize,
    volleys: protocol.volleysMs.length,
    game,
  });
}

/** Compiled programs, made when first asked for and used for every seed and code. */
export class Programs {
  private one: Promise<ModelPrograms> | null = null;
  private readonly many = new Map<string, Promise<JointPrograms>>();

  constructor(private readonly compute: ComputeDevice) {}

  /** What emulates one culture. */
  async ofOne([layout]: readonly Layout[], task: Task, fitSteps: number) {
    this.one ??= compileModels(
      {
        bins: layout.protocol.bins,
        channels: layout.channels,
        places: layout.roles.sensory.length,
        classes: task.classes,
      },
      this.compute,
    );
    return oneEmulator(await this.one, fitSteps);
  }

  /** What emulates many; `connected` false for the twin, in which each is predicted from itself alone. */
  async ofMany(layouts: readonly Layout[], task: Task, { fitSteps, connected }: ManyOptions) {
    const [{ protocol, channels, roles }] = layouts;
    const sight = connected ? task.sight : "self";
    const programs =
      this.many.get(sight) ??
      compileJoint(
        {
          brains: layouts.length,
          bins: protocol.bins,
          channels: roles.sensory.length + roles.prediction.length,
          places: roles.sensory.length,
          classes: task.classes,
          sight,
        },
        this.compute,
      );
    this.many.set(sight, programs);
    const channelOf = layouts.map((layout) => [...layout.roles.sensory, ...layout.roles.prediction]);
    return manyEmulator(await programs, { channelOf, channels }, fitSteps);
  }

  async dispose(): Promise<void> {
    await (await this.one)?.dispose();
    for (const programs of this.many.values()) await (await programs).dispose();
    this.one = null;
    this.many.clear();
  }
}

interface ManyOptions {
  readonly fitSteps: number;
  readonly connected: boolean;
}
