/** The arms: the descent cycle by cycle, refitting its models before each; the others at a stretch. */

import type { Tensor } from "../compute/index.ts";
import type { SimulatedSnapshot } from "../device/simulated/controls.ts";
import type { Dynamics } from "../emulator/one/dynamics.ts";
import type { Models } from "../emulator/one/models.ts";
import { concatenateStates, type NeuralStates } from "../emulator/one/states.ts";
import { Random } from "../math/random.ts";
import { PATTERN_SIZE } from "../protocol/protocol.ts";
import { type ControlArm, type WriteSource, writesOf } from "./arms.ts";
import { type Beginning, bridgeExamples } from "./begin.ts";
import { descendAndWrite, type Past, type WriteLog } from "./cycle.ts";
import { type Lab, plasticityOf, recorded } from "./lab.ts";
import { showWrite } from "./live/write.ts";
import { type Presented, present } from "./presenting.ts";
import { type ProbeReading, probe } from "./probe.ts";
import { presentations } from "./subject.ts";

export interface DescentCycle {
  readonly culture: SimulatedSnapshot;
  readonly reading: ProbeReading;
  /** The emulator and bridge that this cycle descended with. */
  readonly models: Models;
  /** The improved dynamics at the end of the cycle. */
  readonly dynamics: Dynamics<Tensor>;
  readonly presented: Presented;
  readonly log: WriteLog;
}

const REFIT = { autoencoderSteps: 80, dynamicsSteps: 80, learningRate: 1e-3 };
const BRIDGE_REFIT_STEPS = 100;

/** A cycle of the descent, continuing from `before` (all earlier cycles). */
export async function descentCycle(
  lab: Lab,
  beginning: Beginning,
  before: readonly DescentCycle[],
): Promise<DescentCycle> {
  const { config, subject, programs } = lab;
  const cycle = before.length;
  const random = Random.of(subject.seed, "descent", lab.code, cycle);
  const last = before.at(-1);
  const recordedStates = before.map(({ presented }) => presented.states);
  const models = last ? await refit(lab, beginning, last.models, recordedStates, random) : beginning.models;

  subject.simulated.restore(last?.culture ?? beginning.culture);
  subject.simulated.plasticity(await plasticityOf(lab, cycle));
  const from = cycle * config.presentations;
  const past: Past = {
    data: presentations(subject, 0, from),
    states: recordedStates.length > 0 ? concatenateStates(recordedStates) : null,
  };
  const data = presentations(subject, from, from + config.presentations);
  const forecasts: (readonly number[])[] = [];
  const { presented, dynamics, log } = await recorded(
    lab,
    { arm: "descent", cycle, phase: "train" },
    (recorder) =>
      descendAndWrite(
        subject,
        programs,
        models,
        last?.dynamics ?? models.emulator.dynamics,
        beginning,
        past,
        data,
        random.split("write"),
        recorder,
        (write) => {
          forecasts.push(write.forecast);
          showWrite(lab.live, subject.device.now(), cycle, write);
        },
      ),
  );
  lab.log({
    about: "cycle",
    value: {
      seed: subject.seed,
      code: lab.code,
      cycle,
      crossEntropy: [...log.crossEntropy],
      forecast: forecasts,
      nextClass: data.map(({ nextClass }) => nextClass),
      overlap: [...log.overlap],
      correlation: [...log.correlation],
      priorError: [...log.priorError],
      writes: Array.from({ length: data.length }, (_, n) => [
        ...log.channels.subarray(n * PATTERN_SIZE, (n + 1) * PATTERN_SIZE),
      ]),
    },
  });
  const reading = await recorded(lab, { arm: "descent", cycle, phase: "probe" }, (recorder) =>
    probe(subject, recorder),
  );
  return { models, dynamics, presented, log, reading, culture: subject.simulated.snapshot() };
}

/** The emulator learns from everything recorded so far, and the bridge is fitted on it anew, both from warm. */
async function refit(
  { programs, log, live, subject, code }: Lab,
  { babbling, classOf }: Beginning,
  { emulator, bridge }: Models,
  recordedStates: readonly NeuralStates[],
  random: Random,
): Promise<Models> {
  const states = concatenateStates([babbling.states, ...recordedStates]);
  const fit = await programs.fitter.fit(emulator, states, random.split("fit"), REFIT);
  const examples = bridgeExamples(babbling, classOf, fit.patches);
  const refitted = await programs.bridge.fit(bridge, examples, BRIDGE_REFIT_STEPS, random.split("bridge"));
  const losses = {
    cycle: recordedStates.length,
    autoencoderLoss: fit.autoencoderLoss,
    dynamicsLoss: fit.dynamicsLoss,
  };
  log({ about: "refit", value: { seed: subject.seed, code, ...losses } });
  live.say({ about: "fit", ...losses });
  return { emulator: fit.parameters, bridge: refitted };
}

/** Another arm, all its cycles: what its probes saw. */
export async function runControlArm(
  lab: Lab,
  arm: ControlArm,
  beginning: Beginning,
  source: WriteSource,
): Promise<ProbeReading[]> {
  const { config, subject } = lab;
  const { presentations: count } = config;
  const writeFor = writesOf(arm, source);
  const readings: ProbeReading[] = [];
  subject.simulated.restore(beginning.culture);
  for (let cycle = 0; cycle < config.cycles; cycle++) {
    subject.simulated.plasticity(arm === "frozen" ? 0 : await plasticityOf(lab, cycle));
    const data = presentations(subject, cycle * count, (cycle + 1) * count);
    await recorded(lab, { arm, cycle, phase: "train" }, (recorder) =>
      present(subject, data, (n) => writeFor(cycle * count + n, data[n]), recorder),
    );
    readings.push(
      await recorded(lab, { arm, cycle, phase: "probe" }, (recorder) =>
        probe(subject, recorder, arm === "frozen" ? 0 : undefined),
      ),
    );
  }
  return readings;
}
