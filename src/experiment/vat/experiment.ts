/**
 * One vat of one seed, from grown brains to its outcome: babble, fit, then every arm from the same brains. Each stage is a
 * pure function of the configuration and of earlier stages and is kept in one file, so that a run killed at any moment ends with
 * the same bits.
 */

import type { Tensor } from "../../compute/index.ts";
import type { VatItem } from "../../emulator/many/descent.ts";
import type { JointDynamics } from "../../emulator/many/dynamics.ts";
import {
  concatenateSteps,
  initModels,
  type JointModels,
  type VatStates,
} from "../../emulator/many/models.ts";
import type { VatPrograms } from "../../emulator/many/programs.ts";
import { Random } from "../../math/random.ts";
import { bodyOf } from "../../protocol/body.ts";
import { LOW_PLASTICITY, trainingPlasticity } from "../../protocol/protocol.ts";
import type { Spoken } from "../../tasks/measures/decide.ts";
import { type Listening, listen } from "../../tasks/measures/listening.ts";
import type { VatTask, WorldEvent } from "../../tasks/worlds/contract.ts";
import type { BrainHolder, BrainSpec } from "../../tissue/contract.ts";
import type { Checkpoints } from "../checkpoint.ts";
import type { Tuning } from "../control/tuning.ts";
import { type Babbled, babbleVat } from "./babbling.ts";
import type { VatArm, VatConfig } from "./config.ts";
import { type LivedSteps, live, type Vat } from "./living.ts";
import type { VatObserver, VatPlace } from "./observer.ts";
import {
  type DescentLog,
  descentWrites,
  randomWrites,
  replayedWrites,
  teacherWrites,
  type WriteFor,
} from "./writers.ts";

/** What a probe saw. */
export interface VatProbe {
  readonly spoken: Spoken;
  /** Share of brains' steps in which the class with most spikes was right: no model reads. */
  readonly handAccuracy: number;
  readonly listening: Listening;
  readonly events: (WorldEvent | null)[];
}

export interface ArmOutcome {
  readonly arm: VatArm;
  readonly before: VatProbe;
  /** After each cycle. */
  readonly probes: VatProbe[];
  readonly trainEvents: (WorldEvent | null)[];
  readonly pulses: number;
  readonly refused: number;
  readonly log: DescentLog | null;
}

/** Everything that decides the rest of an arm. */
interface ArmState {
  readonly snapshots: Uint8Array[];
  readonly models: JointModels;
  readonly dynamics: JointDynamics<Tensor>;
  readonly items: VatItem[];
  readonly states: VatStates[];
  readonly outcome: ArmOutcome;
}

interface Beginning {
  readonly snapshots: Uint8Array[];
  readonly babbled: Babbled;
  readonly models: JointModels;
  /** Of the connected vat, before any training. */
  readonly before: VatProbe;
}

export interface VatLab {
  readonly config: VatConfig;
  readonly seed: number;
  readonly task: VatTask;
  readonly holder: BrainHolder;
  readonly checkpoints: Checkpoints;
  /** The programs of the connected vat and of its twin, made when first asked for. */
  readonly programs: (connected: boolean) => Promise<VatPrograms>;
  readonly tick: () => boolean;
  /** What a cycle of training is tuned to: the same for all arms, and whenever it is asked for. */
  readonly tuned: (cycle: number) => Promise<Tuning>;
  readonly observer?: VatObserver | undefined;
  /** Keeps what was learned in an arm that descends: the emulator as fitted, and its dynamics as improved. */
  readonly keep: (
    name: string,
    learned: { emulator: JointModels; improved: JointDynamics<Tensor> },
  ) => Promise<void>;
}

const share = ({ fitSteps }: VatConfig, of: number) => Math.max(1, Math.round(of * fitSteps));
const firstFit = (config: VatConfig) => ({
  autoencoder: config.fitSteps,
  dynamics: share(config, 0.8),
  learningRate: 2e-3,
});
const refit = (config: VatConfig) => ({ autoencoder: 0, dynamics: share(config, 0.2), learningRate: 1e-3 });

export function specsOf({ brains, neurons, preset, div }: VatConfig, seed: number): BrainSpec[] {
  return Array.from({ length: brains }, (_, brain) => ({
    brain,
    neurons,
    preset,
    div,
    seed: seed * 10_000 + brain,
    // As in the organoid cycle: synapses of the bursting preset may grow to twice their spontaneous strength.
    ...(preset === "default" ? { maximumWeight: 1 } : {}),
  }));
}

export async function runVatSeed(lab: VatLab): Promise<ArmOutcome[]> {
  const { config, seed, task, holder, checkpoints } = lab;
  const done = (arm: VatArm) => checkpoints.has(`${seed}-outcome-${arm}`);
  const specs = specsOf(config, seed);
  let vat: Vat | null = null;
  const open = async (): Promise<Vat> => {
    if (!vat) {
      await holder.open(specs);
      const bodies = specs.map((spec) => bodyOf(spec.seed, task.classes));
      vat = { holder, bodies, task, clock: 0, tick: lab.tick, onStep: (seen) => lab.observer?.step?.(seen) };
    }
    return vat;
  };
  const outcomes: ArmOutcome[] = [];
  for (const arm of config.arms)
    outcomes.push(
      await checkpoints.stage(`${seed}-outcome-${arm}`, async () => {
        const beginning = await checkpoints.stage(`${seed}-begin`, async () => begin(lab, await open()));
        const descent =
          arm === "yoked" || arm === "frozen"
            ? outcomes.find(({ log, arm: other }) => other === "descent" && log)
            : undefined;
        return runArm(lab, await open(), beginning, arm, descent?.log ?? null);
      }),
    );
  for (const arm of config.arms) if (done(arm)) checkpoints.forget(`${seed}-arm-${arm}-`, []);
  if (config.arms.every(done)) checkpoints.forget(`${seed}-begin`, []);
  return outcomes;
}

async function begin(lab: VatLab, vat: Vat): Promise<Beginning> {
  const { config, seed } = lab;
  const random = Random.of(seed, "vat begin");
  const place: Where = { arm: "common", cycle: -1 };
  lab.observer?.place?.({ seed, ...place, phase: "babble" });
  const babbled = await babbleVat(vat, config.babbleTrials, random.split("babble"));
  const programs = await lab.programs(true);
  const blank = initModels(random.split("init"), programs.shape, babbled.states);
  const fitted = await programs.fitter.fit(blank, babbled.states, random.split("fit"), firstFit(config));
  const models = await programs.fitter.fitReading(
    fitted,
    babbled.states.counts,
    babbled.classes,
    random.split("reading"),
    share(config, 0.8),
  );
  const snapshots = await vat.holder.snapshot(brainsOf(vat));
  return { babbled, models, snapshots, before: await probe(lab, vat, programs, models, place, true) };
}

type Where = Pick<VatPlace, "arm" | "cycle">;

const brainsOf = ({ bodies }: Vat): number[] => [...bodies.keys()];

/** All cycles of one arm. */
async function runArm(
  lab: VatLab,
  vat: Vat,
  beginning: Beginning,
  arm: VatArm,
  replayed: DescentLog | null,
): Promise<ArmOutcome> {
  const { config, seed, checkpoints } = lab;
  const connected = arm !== "unconnected";
  const programs = await lab.programs(connected);
  const name = (cycle: number) => `${seed}-arm-${arm}-${cycle}`;
  const start = async (): Promise<ArmState> => {
    let { models, before } = beginning;
    if (!connected) {
      // The twin's own dynamics, that see nothing of other brains; what a state is, is known as to the vat.
      const random = Random.of(seed, "twin fit");
      models = await programs.fitter.fit(models, beginning.babbled.states, random, {
        ...firstFit(config),
        autoencoder: 0,
      });
      await vat.holder.restore(vat.clock, brainsOf(vat), beginning.snapshots);
      before = await probe(lab, vat, programs, models, { arm, cycle: -1 }, connected);
    }
    return {
      snapshots: beginning.snapshots,
      models,
      dynamics: models.dynamics,
      items: [],
      states: [],
      outcome: { arm, before, probes: [], trainEvents: [], pulses: 0, refused: 0, log: null },
    };
  };
  let first = config.cycles - 1;
  while (first >= 0 && !checkpoints.has(name(first))) first--;
  let state =
    first < 0 ? await checkpoints.stage(name(-1), start) : await checkpoints.stage(name(first), start);
  for (let cycle = first + 1; cycle < config.cycles; cycle++) {
    const before = state;
    state = await checkpoints.stage(name(cycle), () =>
      armCycle(lab, vat, programs, beginning, before, arm, cycle, replayed),
    );
    checkpoints.forget(`${seed}-arm-${arm}-`, [name(cycle)]);
  }
  if (descends(arm))
    await lab.keep(`${arm}-seed${seed}`, { emulator: state.models, improved: state.dynamics });
  return state.outcome;
}

function descends(arm: VatArm): boolean {
  return arm === "descent" || arm === "unconnected";
}

async function armCycle(
  lab: VatLab,
  vat: Vat,
  programs: VatPrograms,
  beginning: Beginning,
  before: ArmState,
  arm: VatArm,
  cycle: number,
  replayed: DescentLog | null,
): Promise<ArmState> {
  const { config, seed, task } = lab;
  const { bodies } = vat;
  const connected = arm !== "unconnected";
  const random = Random.of(seed, "vat arm", descends(arm) ? "descent" : arm, cycle);
  let { models } = before;
  const items = [...before.items];
  const log: DescentLog = { roles: [], crossEntropy: [], overlap: [] };
  let writes: WriteFor | undefined;
  if (descends(arm)) {
    if (before.states.length > 0)
      models = await programs.fitter.fit(
        models,
        concatenateSteps([beginning.babbled.states, ...before.states]),
        random.split("fit"),
        refit(config),
      );
    programs.descent.begin(models);
    programs.descent.restart(before.dynamics);
    writes = descentWrites(programs, bodies, items, random.split("write"), log);
  } else writes = controlWrites(arm, lab, vat, cycle, random, replayed);

  await vat.holder.restore(vat.clock, brainsOf(vat), before.snapshots);
  lab.observer?.place?.({ seed, arm, cycle, phase: "train" });
  const { plasticity } = await lab.tuned(cycle);
  const trained = await live(vat, task.world("train", cycle, connected), models, programs.coder, {
    steps: config.presentations,
    plasticity: arm === "frozen" ? 0 : plasticity * trainingPlasticity(cycle, config.cycles),
    ...(writes ? { writes } : {}),
    ...(arm === "feedback" ? { feedback: seed } : {}),
    loss: () => log.crossEntropy.at(-1),
  });
  const probed = await probe(lab, vat, programs, models, { arm, cycle }, connected);
  const { outcome } = before;
  const joined = (pick: (log: DescentLog) => number[]) => [
    ...(outcome.log ? pick(outcome.log) : []),
    ...pick(log),
  ];
  return {
    snapshots: await vat.holder.snapshot(brainsOf(vat)),
    models,
    dynamics: descends(arm) ? programs.descent.parameters() : before.dynamics,
    items,
    states: descends(arm) ? [...before.states, trained.states] : [],
    outcome: {
      ...outcome,
      probes: [...outcome.probes, probed],
      trainEvents: [...outcome.trainEvents, ...trained.events],
      pulses: outcome.pulses + trained.pulses,
      refused: outcome.refused + trained.refused,
      log: descends(arm)
        ? {
            roles: joined(({ roles }) => roles),
            crossEntropy: joined(({ crossEntropy }) => crossEntropy),
            overlap: joined(({ overlap }) => overlap),
          }
        : null,
    },
  };
}

function controlWrites(
  arm: VatArm,
  { config, seed }: VatLab,
  { bodies }: Vat,
  cycle: number,
  random: Random,
  replayed: DescentLog | null,
): WriteFor | undefined {
  const { presentations, cycles } = config;
  const replay = (order: (step: number) => number) => {
    if (!replayed) throw new Error(`arm ${arm} replays the descent: run it with the arm descent before it`);
    return replayedWrites(bodies, replayed.roles, (step) => order(cycle * presentations + step));
  };
  switch (arm) {
    case "teacher":
      return teacherWrites(bodies);
    case "random":
      return randomWrites(bodies, random.split("write"));
    case "yoked": {
      const order = Random.of(seed, "vat yoked").permutation(cycles * presentations);
      return replay((step) => order[step]);
    }
    case "frozen":
      return replay((step) => step);
    default:
      return undefined;
  }
}

async function probe(
  { config, seed, task, observer }: VatLab,
  vat: Vat,
  { coder, shape }: VatPrograms,
  models: JointModels,
  where: Where,
  connected: boolean,
): Promise<VatProbe> {
  const place: VatPlace = { seed, ...where, phase: "probe" };
  observer?.place?.(place);
  const lived = await live(vat, task.world("probe", where.cycle + 1, connected), models, coder, {
    steps: config.probeTrials,
    plasticity: LOW_PLASTICITY,
  });
  const probed: VatProbe = {
    spoken: {
      steps: config.probeTrials,
      brains: shape.brains,
      classes: shape.classes,
      probabilities: lived.probabilities,
      answers: lived.answers,
    },
    handAccuracy: handAccuracy(lived),
    listening: listen(lived.states.counts, lived.patches, shape.brains, shape.channels, seed),
    events: lived.events,
  };
  observer?.probed?.(place, probed, task);
  return probed;
}

function handAccuracy({ byHand, targets }: LivedSteps): number {
  let [right, asked] = [0, 0];
  targets.forEach((target, i) => {
    if (target < 0) return;
    asked++;
    if (byHand[i] === target) right++;
  });
  return asked === 0 ? 0 : right / asked;
}
