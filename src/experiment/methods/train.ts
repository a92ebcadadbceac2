/** One arm of a way to descend other than the organoid cycle, from the common beginning to its last probe. */
import type { SimulatedSnapshot } from "../../device/simulated/controls.ts";
import { Random } from "../../math/random.ts";
import type { Beginning } from "../begin.ts";
import type { Arm, Method } from "../config.ts";
import type { MethodNotes } from "../journal/entries.ts";
import { type Lab, recorded } from "../lab.ts";
import { type ProbeReading, probe } from "../probe.ts";
import type { Recorder } from "../recorder.ts";
import { type Datum, presentations } from "../subject.ts";
import { direct } from "./direct.ts";
import { forwardForward } from "./forward-forward.ts";
import { incremental } from "./incremental.ts";
import { reward } from "./reward.ts";

/** What an arm asked of the tissue while it was trained. */
export interface Effort {
  /** Data shown, and pulses written beside them. */
  presentations: number;
  writePulses: number;
  /** Synapses read and changed one by one. */
  synapsesRead: number;
  synapsesChanged: number;
  /** Sum of the absolute changes, in leak conductances. */
  totalChange: number;
}

export interface ArmRun {
  readonly readings: readonly ProbeReading[];
  readonly culture: SimulatedSnapshot;
  readonly effort: Effort;
  /** Strength of every synapse after each cycle, where the method writes them. */
  readonly strengths: readonly Float32Array[];
}

/** What a method is given to train an arm with. */
export interface Training {
  readonly lab: Lab;
  readonly beginning: Beginning;
  readonly arm: Arm;
  readonly random: Random;
  readonly effort: Effort;
  /** The arm `descent`, once it has run. */
  readonly descent: ArmRun | undefined;
}

/** Trains for a cycle; what it returns goes to the journal. */
export type TrainCycle = (cycle: number, recorder: Recorder) => Promise<MethodNotes>;

const METHODS: Readonly<Record<Exclude<Method, "stimulate">, (training: Training) => TrainCycle>> = {
  direct,
  incremental,
  "forward-forward": forwardForward,
  reward,
};

export async function runMethodArm(
  lab: Lab,
  method: Exclude<Method, "stimulate">,
  arm: Arm,
  beginning: Beginning,
  descent: ArmRun | undefined,
): Promise<ArmRun> {
  const { subject, config, code } = lab;
  const effort = { presentations: 0, writePulses: 0, synapsesRead: 0, synapsesChanged: 0, totalChange: 0 };
  const random = Random.of(subject.seed, method, code, arm);
  const train = METHODS[method]({ lab, beginning, arm, random, effort, descent });
  const readings: ProbeReading[] = [];
  const strengths: Float32Array[] = [];
  subject.simulated.restore(beginning.culture);
  for (let cycle = 0; cycle < config.cycles; cycle++) {
    const notes = await recorded(lab, { arm, cycle, phase: "train" }, (recorder) => train(cycle, recorder));
    lab.log({ about: "method", value: { seed: subject.seed, code, arm, cycle, ...notes } });
    if (method === "direct") strengths.push(subject.simulated.ultrastructure.readSynapses().strength);
    const off = arm === "frozen" ? 0 : undefined;
    readings.push(
      await recorded(lab, { arm, cycle, phase: "probe" }, (recorder) => probe(subject, recorder, off)),
    );
  }
  return { readings, culture: subject.simulated.snapshot(), effort, strengths };
}

/** The data of a cycle. For `yoked` each keeps its datum and gets the next class of another, the same one each time. */
export function lessonsOf({ lab, arm }: Training, from: number, to: number): Datum[] {
  const data = presentations(lab.subject, from, to);
  if (arm !== "yoked") return data;
  const count = lab.config.cycles * lab.config.presentations;
  const order = Random.of(lab.subject.seed, "yoked classes").permutation(count);
  const all = presentations(lab.subject, 0, count);
  return data.map((datum, n) => ({ ...datum, nextClass: all[order[from + n]].nextClass }));
}
