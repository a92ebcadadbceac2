/** What the experiment found, with intervals over cultures, and what that says in words. */
import { holm } from "../../math/comparison/holm.ts";
import { pairedDifference } from "../../math/comparison/paired.ts";
import { bootstrapInterval } from "../../math/interval.ts";
import { mean } from "../../math/statistics.ts";
import { ARMS, type ArmName, DESCENTS, type DescentName } from "../arms.ts";
import type { CultureResult, WritingResults } from "../run.ts";
import { lessonFor } from "../run.ts";
import type { Measured } from "../tally.ts";
import type { UnitResult } from "../unit.ts";
import { notesOf } from "./notes.ts";
import type { AblationReport, ArmReport, MeasuredReport, SentenceReport, WritingReport } from "./schema.ts";

export interface ReportOptions {
  readonly wetgradVersion: string;
  /** Programs as text. */
  readonly decode: (latents: Float32Array) => Promise<string[]>;
}

export async function reportOf(results: WritingResults, options: ReportOptions): Promise<WritingReport> {
  const { config, cultures, strings } = results;
  const arms = armReports(cultures);
  const descent = unitsOf(cultures, "descent");
  const untaught = (pick: (unit: UnitResult) => Measured | undefined) =>
    measuredReport(descent.flatMap((unit) => pick(unit) ?? []));
  const [near, far] = [untaught(({ near }) => near), untaught(({ far }) => far)];
  return {
    formatVersion: 1,
    kind: "writing",
    wetgradVersion: options.wetgradVersion,
    config,
    explained: strings.explained,
    heldOutCosine: bootstrapInterval(cultures.map(({ heldOutCosine }) => heldOutCosine)),
    before: measuredReport(cultures.map(({ before }) => before.after))!,
    arms,
    ...againstHand(cultures),
    ...(near && far && { untaught: { near, far } }),
    ablation: ablationOf(cultures),
    losses: lossesOf(descent, config.pairs),
    refusedPulses: cultures
      .flatMap(({ arms: units }) => Object.values(units))
      .reduce((sum, { refused }) => sum + (refused ?? 0), 0),
    sentences: await sentencesOf(results, options.decode),
    notes: notesOf(results),
  };
}

/** Units of an arm, where every culture has one. */
function unitsOf(cultures: readonly CultureResult[], arm: ArmName): UnitResult[] {
  return cultures.flatMap(({ arms }) => arms[arm] ?? []);
}

function measuredReport(measured: readonly Measured[]): MeasuredReport | undefined {
  if (measured.length === 0) return undefined;
  const over = (pick: (one: Measured) => number) => bootstrapInterval(measured.map(pick));
  return {
    cosine: over(({ cosine }) => cosine),
    rank: over(({ rank }) => rank),
    top1: over(({ top1 }) => top1),
  };
}

function armReports(cultures: readonly CultureResult[]): WritingReport["arms"] {
  const names = Object.keys(cultures[0].arms) as ArmName[];
  const cosines = (arm: ArmName) => unitsOf(cultures, arm).map(({ after }) => after.cosine);
  const others: ArmName[] = names.includes("descent") ? names.filter((arm) => arm !== "descent") : [];
  const differences = others.map((arm) => pairedDifference(cosines("descent"), cosines(arm)));
  const corrected = holm(differences.map(({ p }) => p ?? 1));
  const entries = names.map((arm): [ArmName, ArmReport] => {
    const units = unitsOf(cultures, arm);
    const k = others.indexOf(arm);
    const written = measuredReport(units.flatMap((unit) => unit.while ?? []));
    const read = measuredReport(units.flatMap((unit) => unit.whileRead ?? []));
    return [
      arm,
      {
        says: ARMS[arm],
        ...(written && { while: written }),
        ...(read && { whileRead: read }),
        after: measuredReport(units.map(({ after }) => after))!,
        ...(k >= 0 && {
          behindDescent: { mean: differences[k].mean, ci95: differences[k].ci95, correctedP: corrected[k] },
        }),
      },
    ];
  });
  return Object.fromEntries(entries);
}

function againstHand(cultures: readonly CultureResult[]): Pick<WritingReport, "againstHand"> {
  const [descent, hand] = [unitsOf(cultures, "descent"), unitsOf(cultures, "hand")];
  if (descent.length === 0 || hand.length === 0) return {};
  const compared = (pick: (unit: UnitResult) => Measured | undefined) => {
    const [mine, theirs] = [descent, hand].map((units) => units.flatMap((unit) => pick(unit)?.cosine ?? []));
    const { mean: difference, ci95, p } = pairedDifference(mine, theirs);
    return { share: mean(mine) / mean(theirs), mean: difference, ci95, p };
  };
  return {
    againstHand: { while: compared((unit) => unit.while), after: compared(({ after }) => after) },
  };
}

function ablationOf(cultures: readonly CultureResult[]): WritingReport["ablation"] {
  const entries = (Object.keys(DESCENTS) as DescentName[]).flatMap((arm): [DescentName, AblationReport][] => {
    const units = unitsOf(cultures, arm);
    const written = measuredReport(units.flatMap((unit) => unit.while ?? []));
    const improved = units.flatMap((unit) => unit.improved ?? []);
    if (!written || improved.length === 0) return [];
    return [
      [
        arm,
        {
          ...DESCENTS[arm],
          while: written,
          after: measuredReport(units.map(({ after }) => after))!,
          afterByOwn: measuredReport(units.map(({ after, afterByOwn }) => afterByOwn ?? after))!,
          emulatorCosine: bootstrapInterval(improved.map(({ cosine }) => cosine)),
          codeOverlap: bootstrapInterval(improved.map(({ codeOverlap }) => codeOverlap)),
        },
      ],
    ];
  });
  return Object.fromEntries(entries);
}

function lossesOf(units: readonly UnitResult[], pairs: number): WritingReport["losses"] {
  const curves = units.flatMap(({ improved }) => (improved ? [improved.losses] : []));
  if (curves.length === 0) return [];
  const blocks = Math.floor(curves[0].length / pairs);
  return Array.from({ length: blocks }, (_, block) =>
    bootstrapInterval(curves.map((losses) => mean(losses.slice(block * pairs, (block + 1) * pairs)))),
  );
}

async function sentencesOf(
  results: WritingResults,
  decode: ReportOptions["decode"],
): Promise<SentenceReport[]> {
  const { cultures, strings } = results;
  const asked: number[][] = [];
  const ask = (program: ArrayLike<number>) => asked.push(Array.from(program)) - 1;
  const plans = cultures.flatMap(({ seed, before, arms }) =>
    lessonFor(results, seed).pairs.map(({ context, target }, pair) => ({
      seed,
      context: context.text,
      target: target.text,
      targetSaid: ask(target.program),
      said: Object.entries({ before, ...arms }).map(([arm, { after }]) => ({
        arm,
        row: ask(after.programs[pair]),
        cosine: after.cosines[pair],
      })),
    })),
  );
  const Z = strings.babbled[0].latent.length;
  const latents = new Float32Array(asked.length * Z);
  asked.forEach((program, row) => {
    latents.set(strings.latentOf(program), row * Z);
  });
  const texts = await decode(latents);
  return plans.map(({ said, targetSaid, ...rest }) => ({
    ...rest,
    targetSaid: texts[targetSaid],
    said: Object.fromEntries(said.map(({ arm, row, cosine }) => [arm, { text: texts[row], cosine }])),
  }));
}
