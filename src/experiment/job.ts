/** One seed and code from the grown culture to its outcome, stage by stage. */

import type { Tensor } from "../compute/index.ts";
import type { Dynamics } from "../emulator/one/dynamics.ts";
import type { Models } from "../emulator/one/models.ts";
import { concatenateRows } from "../math/rows.ts";
import { LOW_PLASTICITY, PATTERN_SIZE } from "../protocol/protocol.ts";
import { scoreBaselines } from "../tasks/baselines/index.ts";
import type { Score } from "../tasks/measures/score.ts";
import { probeRetention, probeScrambled } from "./afterwards.ts";
import type { WriteSource } from "./arms.ts";
import { emulatorAlone, shuffledSpikes, silentCulture, trainedReadout } from "./baselines.ts";
import { type Beginning, begin } from "./begin.ts";
import type { Arm } from "./config.ts";
import { tuningNotes } from "./control/tuning.ts";
import { drawFigures } from "./figures.ts";
import { type Lab, recorded } from "./lab.ts";
import { probeMessage } from "./live/probe.ts";
import { type ArmRun, type Effort, runMethodArm } from "./methods/train.ts";
import type { FidelityLog, Outcome } from "./outcome.ts";
import { present } from "./presenting.ts";
import { type ProbeReading, type ProbeScore, probe, scoreProbe } from "./probe.ts";
import { presentations } from "./subject.ts";
import { type DescentCycle, descentCycle, runControlArm } from "./train-arm.ts";

/** What is kept of the models: the last fit, and the dynamics that came of descending on them. */
export type FinalModels = Models & { readonly improved: Dynamics<Tensor> };

export async function runJob(lab: Lab): Promise<{ outcome: Outcome; models: FinalModels }> {
  const { config, code, subject, checkpoints, programs } = lab;
  const stage = <Result>(name: string, compute: () => Promise<Result>) =>
    checkpoints.stage(`${subject.seed}-${code}-${name}`, compute);

  const beginning = await stage("begin", () =>
    recorded(lab, { arm: "common", cycle: -1, phase: "babble" }, (recorder) =>
      begin(config, code, subject, programs, recorder),
    ),
  );
  const { autoencoder, dynamics: dynamicsLoss } = beginning.losses;
  const firstFit = { cycle: 0, autoencoderLoss: autoencoder, dynamicsLoss };
  lab.live.say({ about: "fit", ...firstFit });
  lab.log({ about: "refit", value: { seed: subject.seed, code, ...firstFit } });
  const before = await stage("before", () => {
    subject.simulated.restore(beginning.culture);
    return recorded(lab, { arm: "common", cycle: -1, phase: "probe" }, (recorder) =>
      probe(subject, recorder),
    );
  });

  const { method = "stimulate" } = config;
  const descent: DescentCycle[] = [];
  const modelsOf = (cycle: number): Models => descent[cycle]?.models ?? beginning.models;
  const score = async (reading: ProbeReading, models: Models, arm: string, cycle: number) => {
    const scored = await scoreProbe(programs, models, subject, beginning.patterns, reading);
    const { about, ...shown } = probeMessage(subject, { arm, cycle }, scored);
    lab.live.say({ about, ...shown });
    // Of the last probe alone all is kept, to be looked at later.
    if (cycle < 0 || cycle === config.cycles - 1)
      lab.log({ about: "shown", value: { seed: subject.seed, code, ...shown } });
    return scored.score;
  };
  const scoreBefore = await score(before, beginning.models, "common", -1);
  const descentScores: ProbeScore[] = [];
  if (method === "stimulate" && config.arms.includes("descent"))
    for (let cycle = 0; cycle < config.cycles; cycle++) {
      const done = await stage(`descent-${cycle}`, () => descentCycle(lab, beginning, descent));
      descent.push(done);
      descentScores.push(await score(done.reading, done.models, "descent", cycle));
    }
  const source = writeSource(lab, beginning, descent);

  const arms: Record<string, ProbeScore[]> = {};
  const trained: Record<string, ProbeReading> = {};
  const runs: Partial<Record<string, ArmRun>> = {};
  const readingsOf = async (arm: Arm): Promise<readonly ProbeReading[]> => {
    if (method !== "stimulate") {
      const run = await stage(arm, () => runMethodArm(lab, method, arm, beginning, runs["descent"]));
      runs[arm] = run;
      return run.readings;
    }
    if (arm === "descent") return descent.map(({ reading }) => reading);
    if (arm === "positive") throw new Error("internal: the organoid cycle has no arm positive");
    return stage(arm, () => runControlArm(lab, arm, beginning, source));
  };
  for (const arm of config.arms) {
    const readings = await readingsOf(arm);
    arms[arm] = [];
    for (const [cycle, reading] of readings.entries()) {
      const probed =
        arm === "descent" && method === "stimulate"
          ? descentScores[cycle]
          : await score(reading, modelsOf(cycle), arm, cycle);
      arms[arm].push(probed);
      lab.log({ about: "probe", value: { seed: subject.seed, code, arm, cycle, ...probed } });
    }
    trained[arm] = readings[readings.length - 1];
  }

  const last = config.cycles - 1;
  const models = modelsOf(last);
  const final = descent[last];
  const trainedCulture = final?.culture ?? runs["descent"]?.culture;
  const rest = await stage("afterwards", async () => ({
    scrambled: trainedCulture ? await probeScrambled(lab, trainedCulture, last) : null,
    retention:
      trainedCulture && config.retentionSeconds > 0 ? await probeRetention(lab, trainedCulture, last) : null,
    untrained: await presentUntrained(lab, beginning),
  }));
  const dynamics = final?.dynamics ?? beginning.models.emulator.dynamics;
  const cycles = Array.from({ length: config.cycles }, (_, cycle) => cycle);
  const tunings = await Promise.all(cycles.map(lab.tuned));
  const outcome: Outcome = {
    seed: subject.seed,
    code,
    before: scoreBefore,
    arms,
    scrambled: rest.scrambled && (await score(rest.scrambled, models, "scrambled", last)),
    retention: rest.retention && (await score(rest.retention, models, "retention", last)),
    baselines: await baselines(lab, {
      models,
      dynamics,
      before,
      untrained: rest.untrained,
      reading: trained["descent"],
    }),
    ...(method === "stimulate" ? {} : { effort: effortOf(runs) }),
    foretold: descent.map(
      ({ log }) => log.foretold.reduce((sum, right) => sum + right, 0) / log.foretold.length,
    ),
    fidelity: fidelityOf(descent),
    figures:
      subject.seed === config.firstSeed && final
        ? await drawFigures(lab, beginning, before, final, trained)
        : null,
    notes: [...subject.task.notes, ...tuningNotes(`seed ${subject.seed}, ${code} code`, tunings)],
    lags: subject.task.lags,
  };
  return { outcome, models: { ...models, improved: dynamics } };
}

function effortOf(runs: Partial<Record<string, ArmRun>>): Record<string, Effort> {
  return Object.fromEntries(Object.entries(runs).flatMap(([arm, run]) => (run ? [[arm, run.effort]] : [])));
}

function writeSource(lab: Lab, { patterns }: Beginning, descent: readonly DescentCycle[]): WriteSource {
  const { config, subject } = lab;
  const count = config.cycles * config.presentations;
  const channels = new Uint16Array(count * PATTERN_SIZE);
  descent.forEach(({ log }, cycle) => {
    channels.set(log.channels, cycle * config.presentations * PATTERN_SIZE);
  });
  return {
    seed: subject.seed,
    prediction: subject.zones.prediction,
    patterns,
    descentChannels: descent.length > 0 ? channels : null,
    presentations: count,
  };
}

/** The ordered series shown to the culture before it was taught: what the trained readout is fitted on. */
async function presentUntrained(lab: Lab, { culture }: Beginning): Promise<Float32Array> {
  const { subject, config } = lab;
  subject.simulated.restore(culture);
  subject.simulated.plasticity(LOW_PLASTICITY);
  const data = presentations(subject, 0, config.cycles * config.presentations);
  const { read } = await recorded(lab, { arm: "common", cycle: -1, phase: "untrained" }, (recorder) =>
    present(subject, data, () => undefined, recorder),
  );
  return read;
}

async function baselines(
  lab: Lab,
  given: {
    models: Models;
    dynamics: Dynamics<Tensor>;
    before: ProbeReading;
    untrained: Float32Array;
    reading: ProbeReading | undefined;
  },
): Promise<Record<string, Score>> {
  const { subject, config } = lab;
  const data = presentations(subject, 0, config.cycles * config.presentations);
  return {
    ...Object.fromEntries(scoreBaselines(subject.task)),
    // Without the organoid cycle nothing has descended on the emulator.
    ...((config.method ?? "stimulate") === "stimulate"
      ? { emulatorAlone: await emulatorAlone(lab, given.models, given.dynamics) }
      : {}),
    trainedReadout: await trainedReadout(lab, { read: given.untrained, data }, given.before),
    silentCulture: await silentCulture(lab, given.models),
    ...(given.reading ? { shuffledSpikes: await shuffledSpikes(lab, given.models, given.reading) } : {}),
  };
}

function fidelityOf(descent: readonly DescentCycle[]): FidelityLog | null {
  if (descent.length === 0) return null;
  const join = (pick: (log: DescentCycle["log"]) => Float32Array) => [
    ...concatenateRows(descent.map(({ log }) => pick(log))),
  ];
  return {
    overlap: join((log) => log.overlap),
    correlation: join((log) => log.correlation),
    logDensity: join((log) => log.priorError.map((error) => -error)),
  };
}
