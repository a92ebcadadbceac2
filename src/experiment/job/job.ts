/** One seed and code from grown cultures to its outcome, stage by stage. */
import { arithmetic } from "../../compute/index.ts";
import type { Beginning, Replayed, Trained } from "../../methods/contract.ts";
import type { CulturesState } from "../../session/cultures.ts";
import type { After } from "../../session/plan.ts";
import { tuningNotes } from "../control/tuning.ts";
import { quietDish } from "../dish/quiet.ts";
import type { Holding } from "../holdings/holdings.ts";
import { journalCycle, journalFit, journalProbe } from "../journal/tell.ts";
import { holdingsReader, probeRetention, probeScrambled, type Shown, showSeries } from "./after.ts";
import { type ArmCycle, emulatorOf, runCycle, startArm, teachAgain } from "./arm.ts";
import { scoreAllBaselines } from "./baselines.ts";
import { begin } from "./begin.ts";
import { scoreCritics } from "./critics.ts";
import { DRAWN_ARMS, drawFigures } from "./figures.ts";
import type { Lab } from "./lab.ts";
import type { ArmOutcome, FidelityLog, Outcome, ProbeOutcome } from "./outcome.ts";
import { probe, readProbe } from "./probe.ts";
import type { Probe, Reader, Reading } from "./readings.ts";
import { recorded, stage } from "./recorded.ts";
import { UNTRAINED } from "./where.ts";

export async function runJob<M, I>(lab: Lab<M, I>): Promise<Outcome> {
  const { plan, cultures, task } = lab;
  const beginning = await stage(lab, { part: "begin" }, () =>
    recorded(lab, { arm: "common", cycle: -1, phase: "babble" }, () => begin(lab)),
  );
  lab.observer.fit?.(0, beginning.losses);
  journalFit(lab, 0, beginning.losses);
  const readHoldings = holdingsReader(lab, beginning);
  /** Read where each arm ends, so that its state need not be held. */
  const readEnds = isShownAfterwards(lab) ? readHoldings : null;
  const { reading: before, holdings: heldBefore } = await stage(lab, { part: "before" }, async () => {
    await cultures.restore(beginning.state);
    const holdings = (await readEnds?.()) ?? null;
    return { reading: await probe(lab, beginning.patterns, { arm: "common", cycle: -1 }), holdings };
  });
  const holdings: Record<string, readonly Holding[]> = heldBefore ? { before: heldBefore } : {};

  const readerOf = (models: M): Reader<M, I> => ({
    emulator: lab.emulator,
    models,
    patterns: beginning.patterns,
  });
  // Of the cycles of an arm no more is held than later ones need: the states of many cultures are large.
  let descent: readonly Replayed<M, I>[] = [];
  let final: ArmCycle<M, I> | null = null;
  /** The models that the descent had fitted by a cycle: by them all arms are read. */
  const modelsAt = (cycle: number): M => descent[cycle]?.descended?.models ?? beginning.models;
  const score = async (reading: Reading, reader: Reader<M, I>, where: { arm: string; cycle: number }) => {
    const read = await readProbe(lab, reader, reading);
    lab.observer.probed?.({ ...where, phase: "probe", seed: lab.seed, code: lab.code }, read, task);
    journalProbe(lab, where, read);
    return kept(read);
  };
  const scoreBefore = await score(before, readerOf(beginning.models), { arm: "common", cycle: -1 });

  const looked: string[] = [];
  const outcomes: Record<string, ArmOutcome> = {};
  const readings: Record<string, Reading> = {};
  // The descent first: other arms replay it, and are read by what it fitted.
  for (const arm of [...plan.arms].sort((a, b) => Number(b === "descent") - Number(a === "descent"))) {
    const start = await startArm(lab, arm, beginning);
    const own: Reader<M, I> = { ...readerOf(start.models), emulator: await emulatorOf(lab, arm) };
    const trained: Trained<M, I>[] = [];
    let done: ArmCycle<M, I> | null = null;
    const probes: ProbeOutcome[] = [];
    const first = start.before ? await score(start.before, own, { arm, cycle: -1 }) : null;
    for (let cycle = 0; cycle < plan.cycles; cycle++) {
      if (cycle > 0) looked.push(...(await quietDish(lab, cycle)).notes);
      const state: CulturesState = done?.state ?? beginning.state;
      done = await runCycle(
        lab,
        arm,
        { models: start.models, beginning, readEnds },
        { before: trained, state, descent: arm === "descent" ? trained : descent },
      );
      trained.push(done.trained);
      journalCycle(lab, arm, cycle, done.trained);
      const { descended } = done.trained;
      const reader = descended ? { ...own, models: descended.models } : readerOf(modelsAt(cycle));
      if (done.reading) probes.push(await score(done.reading, reader, { arm, cycle }));
    }
    outcomes[arm] = armOutcome(trained, first, probes);
    const last = trained.at(-1)?.descended;
    if (last) await lab.keep(arm, last.models, last.improved);
    if (done?.holdings) holdings[arm] = done.holdings;
    if (done?.reading && plan.brains === 1 && DRAWN_ARMS.includes(arm)) readings[arm] = done.reading;
    if (arm === "descent") {
      descent = trained.map(replayed);
      final = done;
    }
  }
  if (plan.brains === 1 && !descent.some(({ descended }) => descended))
    await lab.keep("descent", beginning.models, lab.emulator.dynamicsOf(beginning.models));

  const last = plan.cycles - 1;
  const models = modelsAt(last);
  const after = await afterwards(lab, beginning, { trained: final?.state ?? null, readHoldings });
  const where = (arm: string) => ({ arm, cycle: last });
  const critics = final
    ? await scoreCritics(lab, {
        beginning,
        trained: final.state,
        teach: (taught) => teachAgain({ ...lab, task: taught }, beginning),
      })
    : null;
  const tunings = await Promise.all(Array.from({ length: plan.cycles }, (_, cycle) => lab.tuned(cycle)));
  const improved = final?.trained.descended?.improved ?? null;
  const begunAgain = lab.checkpoints.begunAgain(lab);
  return {
    seed: lab.seed,
    code: lab.code,
    before: scoreBefore,
    arms: Object.fromEntries(plan.arms.map((arm) => [arm, outcomes[arm]])),
    scrambled: after.scrambled && (await score(after.scrambled, readerOf(models), where("scrambled"))),
    retention: after.retention && (await score(after.retention, readerOf(models), where("retention"))),
    baselines: await scoreAllBaselines(lab, {
      reader: readerOf(models),
      improved: improved ?? (lab.method.name === "stimulate" ? lab.emulator.dynamicsOf(models) : null),
      before,
      untrained: after.untrained,
      trained: after.trained,
      reading: final?.reading ?? null,
    }),
    holdings: holdingsInOrder(plan.arms, { ...holdings, ...after.holdings }),
    opponents: await opponents(lab),
    ...(critics ? { critics } : {}),
    predicted: descent.flatMap(({ descended }) => {
      const { predicted } = descended?.log ?? {};
      return predicted ? [predicted.reduce((sum, right) => sum + right, 0) / predicted.length] : [];
    }),
    figures: final?.reading
      ? await drawFigures(lab, { beginning, before, final, after: final.reading, outcomes, readings })
      : null,
    notes: [
      ...task.notes,
      ...lab.notes,
      ...looked,
      ...omittedNotes(lab),
      ...tuningNotes(whoIs(lab), tunings),
      ...begunAgain.map(
        ({ stage, times }) =>
          `Stage ${stage} was begun ${times} times: it was cut short, and the dish, which cannot be put back, had part of it before. The ledger has every pulse.`,
      ),
    ],
    ...(lab.evoked && { dish: { evoked: lab.evoked, begunAgain: begunAgain.length } }),
    lags: task.series?.[0].lags ?? null,
    arithmetic: plan.compute === "cpu" ? await arithmetic() : `${plan.compute}, and ${await arithmetic()}`,
  };
}

/** A culture or a vat, in words. */
function whoIs<M, I>({ plan, seed, code }: Lab<M, I>): string {
  return plan.brains === 1 ? `seed ${seed}, ${code} code` : `seed ${seed}`;
}

function omittedNotes<M, I>({ plan: { omitted = [] } }: Lab<M, I>): string[] {
  return omitted.map((step) => `not measured where this tissue is held: ${OMITTED[step]}`);
}

const OMITTED: Readonly<Record<After, string>> = {
  untrained:
    "readouts trained on the untrained and the trained culture, and what synapses hold (the culture is not put back)",
  scrambled: "the probe with scrambled weights (its synapses are not written)",
  retention: "retention",
};

/** As a report lists them: what was done afterwards, then `before`, then the arms as they were asked for. */
function holdingsInOrder(
  arms: readonly string[],
  holdings: Readonly<Record<string, readonly Holding[]>>,
): Readonly<Record<string, readonly Holding[]>> {
  const names = ["scrambled", "retention", "before", ...arms].filter((name) => name in holdings);
  return Object.fromEntries(names.map((name) => [name, holdings[name]]));
}

interface AfterArms {
  /** Where the descent left the cultures; null where it was not run. */
  readonly trained: CulturesState | null;
  readonly readHoldings: (() => Promise<readonly Holding[]>) | null;
}

interface Afterwards {
  readonly scrambled: Reading | null;
  readonly retention: Reading | null;
  /** What readouts are fitted on: the ordered series shown to the cultures before they were taught, and after. */
  readonly untrained: Shown | null;
  readonly trained: Shown | null;
  /** `[N]` what the synapses held after what was done afterwards. */
  readonly holdings: Readonly<Record<string, readonly Holding[]>>;
}

function afterwards<M, I>(
  lab: Lab<M, I>,
  beginning: Beginning<M>,
  { trained, readHoldings }: AfterArms,
): Promise<Afterwards> {
  const { plan } = lab;
  return stage(lab, { part: "after" }, async () => {
    const holdings: Record<string, readonly Holding[]> = {};
    const hold = async (name: string) => {
      if (readHoldings) holdings[name] = await readHoldings();
    };
    const scrambled =
      trained && plan.after.includes("scrambled") ? await probeScrambled(lab, trained, beginning) : null;
    if (scrambled) await hold("scrambled");
    const retention =
      trained && plan.after.includes("retention") ? await probeRetention(lab, trained, beginning) : null;
    if (retention) await hold("retention");
    if (!isShownAfterwards(lab)) return { scrambled, retention, untrained: null, trained: null, holdings };
    const untrained = await recorded(lab, UNTRAINED, () => showSeries(lab, beginning.state, beginning));
    return {
      scrambled,
      retention,
      untrained,
      trained: trained ? await showSeries(lab, trained, beginning) : null,
      holdings,
    };
  });
}

/** Whether the series is shown to the cultures once more as they were before and after; what cannot be put back has been taught by then. */
function isShownAfterwards<M, I>({ cultures, task, plan }: Lab<M, I>): boolean {
  const { tissue, brains } = cultures;
  const canRestore = brains.every((brain) => tissue.profile(brain).abilities.includes("restore"));
  return task.series !== undefined && canRestore && plan.after.includes("untrained");
}

async function opponents<M, I>(lab: Lab<M, I>): Promise<Outcome["opponents"]> {
  const { task, plan } = lab;
  if (!task.opponents) return null;
  const samples = {
    train: plan.cycles * plan.presentations,
    probe: plan.probeTrials,
    blocks: plan.cycles,
  };
  return stage(lab, { part: "opponents" }, async () => (await task.opponents?.(samples)) ?? null);
}

function kept({ patches: _, court: __, ...probe }: Probe): ProbeOutcome {
  return probe;
}

function replayed<M, I>({ writes, strengths, descended }: Trained<M, I>): Replayed<M, I> {
  return {
    ...(writes ? { writes } : {}),
    ...(strengths ? { strengths } : {}),
    ...(descended ? { descended: { models: descended.models, log: descended.log } } : {}),
  };
}

function armOutcome<M, I>(
  cycles: readonly Trained<M, I>[],
  before: ProbeOutcome | null,
  probes: readonly ProbeOutcome[],
): ArmOutcome {
  const sum = (pick: (cycle: Trained<M, I>) => number) =>
    cycles.reduce((total, cycle) => total + pick(cycle), 0);
  return {
    before,
    probes,
    trainEvents: cycles.flatMap(({ events }) => events),
    pulses: sum(({ pulses }) => pulses),
    refused: sum(({ refused }) => refused),
    fidelity: fidelityOf(cycles),
    ...(cycles.some(({ predictedChanges }) => predictedChanges)
      ? { predictedChanges: cycles.map(({ predictedChanges }) => predictedChanges ?? null) }
      : {}),
    effort: {
      presentations: sum(({ effort }) => effort.presentations),
      writePulses: sum(({ effort }) => effort.writePulses),
      ...(cycles.some(({ effort }) => effort.written !== undefined)
        ? { written: sum(({ effort }) => effort.written ?? 0) }
        : {}),
      synapsesRead: sum(({ effort }) => effort.synapsesRead),
      synapsesChanged: sum(({ effort }) => effort.synapsesChanged),
      totalChange: sum(({ effort }) => effort.totalChange),
    },
  };
}

function fidelityOf<M, I>(cycles: readonly Trained<M, I>[]): FidelityLog | null {
  const logs = cycles.flatMap(({ descended }) => descended?.log ?? []);
  if (logs.length === 0) return null;
  const overBrains = (values: Float32Array, presentations: number) => {
    const N = values.length / presentations;
    return Array.from({ length: presentations }, (_, r) => {
      let sum = 0;
      for (let brain = 0; brain < N; brain++) sum += values[r * N + brain];
      return sum / N;
    });
  };
  return {
    overlap: logs.flatMap((log) => overBrains(log.overlap, log.crossEntropy.length)),
    correlation: logs.flatMap((log) => overBrains(log.correlation, log.crossEntropy.length)),
    logDensity: logs.flatMap((log) => [...log.priorError].map((error) => -error)),
    crossEntropy: logs.flatMap((log) => [...log.crossEntropy]),
  };
}
