/**
 * Sessions of a plan joined into one report: what the culture alone had right, by electrode counts, compared over dishes and days by a
 * mixed model; sessions that break a rule of the plan are named and left out. While it is blind, arms are letters and nothing is compared.
 */
import { isDeepStrictEqual } from "node:util";
import { holm } from "../../math/comparison/holm.ts";
import { writeDesignReport } from "../../report/design/files.ts";
import { type DesignReport, MEASURES, type Measured } from "../../report/design/schema.ts";
import { RunError } from "../error.ts";
import type { Outcome } from "../job/outcome.ts";
import { taskOf } from "../job/setup.ts";
import { readRun } from "../merge/read-run.ts";
import { planOf } from "../plans.ts";
import { compareArms } from "./compared.ts";
import { electrodesOf } from "./electrodes.ts";
import { exclusionOf } from "./exclusion.ts";
import { type Plan, readKey, readPlan, sessionFolder } from "./plan.ts";
import { endOf, openSession } from "./session.ts";

export interface JoinOptions {
  /** Numbers of sessions that will not come. */
  readonly without: readonly number[];
  /** Opens the key. */
  readonly unblind: boolean;
  readonly wetgradVersion: string;
}

/** Writes report.json and report.html into `out`. Throws `RunError` with the first thing that does not fit. */
export async function joinSessions(planFolder: string, out: string, options: JoinOptions) {
  const plan = readPlan(planFolder);
  const isBlind = plan.design.blind && !options.unblind;
  const key = readKey(planFolder, plan);
  const nameOf = (shown: string) => (isBlind ? shown : key.arms[shown]);
  const sessions: DesignReport["sessions"] = [];
  let about = { task: "", chance: 0 };
  for (const planned of plan.sessions) {
    const session = { ...planned, arm: nameOf(planned.arm) };
    if (options.without.includes(planned.number)) {
      sessions.push({ ...session, excluded: "it was not held" });
      continue;
    }
    const { run, electrodes } = await readSession(planFolder, planned.number);
    const [outcome] = run.outcomes;
    const excluded = exclusionOf(plan.design.exclude, outcome, electrodes);
    const { name, classes } = (await taskOf(planOf({ kind: "organoid", config: run.config })))(
      run.config.firstSeed,
    );
    about = { task: name, chance: 1 / classes };
    sessions.push({ ...session, measured: measuredIn(outcome), ...(excluded && { excluded }) });
  }
  const counted = sessions.filter(({ excluded }) => excluded === undefined);
  const arms = Object.keys(key.arms).map(nameOf).sort();
  const control = isBlind ? undefined : plan.design.control;
  const report: DesignReport = {
    formatVersion: 1,
    kind: "design",
    wetgradVersion: options.wetgradVersion,
    name: plan.design.name,
    planSha256: plan.sha256,
    ...about,
    isBlind,
    ...(control && { control }),
    arms: control ? [control, ...arms.filter((arm) => arm !== control)] : arms,
    sessions,
    measures: corrected(measuresOf(counted, arms, control)),
    notes: notesOf(plan, isBlind),
  };
  return { report, paths: writeDesignReport(out, report) };
}

async function readSession(planFolder: string, number: number) {
  const { config, folder, session } = openSession(planFolder, number);
  if (endOf(folder) === null)
    throw new RunError(
      `${sessionFolder(planFolder, session)}: expected a session that has ended; run it (wetgrad experiment session ${planFolder} ${number}), or leave it out (--without ${number})`,
    );
  const run = await readRun(folder);
  if (!isDeepStrictEqual(run.config, config))
    throw new RunError(
      `${folder}: expected the session that the plan says, got another experiment (its config.json)`,
    );
  return { run, electrodes: electrodesOf(folder, run.config) };
}

function measuredIn({ before, arms, retention }: Outcome): Measured {
  const [arm] = Object.values(arms);
  const after = arm.probes.at(-1) ?? before;
  const start = (arm.before ?? before).countAccuracy;
  return {
    before: start,
    after: after.countAccuracy,
    gain: after.countAccuracy - start,
    retained: retention ? retention.countAccuracy - start : null,
  };
}

type Counted = DesignReport["sessions"];

function measuresOf(
  sessions: Counted,
  arms: readonly string[],
  control: string | undefined,
): DesignReport["measures"] {
  return Object.fromEntries(
    MEASURES.flatMap((measure) => {
      const values = sessions.flatMap(({ arm, dish, day, measured }) => {
        const value = measured?.[measure];
        return value === undefined || value === null ? [] : [{ arm, dish, day, value }];
      });
      const of = (arm: string) => values.filter((value) => value.arm === arm);
      const present = arms.filter((arm) => of(arm).length > 0);
      // A measure that some arm lacks compares nothing.
      if (present.length < arms.length || values.length <= arms.length) return [];
      const { fit, mean: meanOf, ahead } = compareArms(values, arms, control ?? arms[0]);
      const rows = arms.map((arm) => {
        const { estimate, ci95 } = fit.contrast(meanOf(arm));
        return [arm, { mean: estimate, ci95, sessions: of(arm).length }] as const;
      });
      const others = control ? arms.filter((arm) => arm !== control) : [];
      const differences = others.map((arm) => {
        const { estimate, ci95, degrees, p } = fit.contrast(ahead(arm));
        return [arm, { mean: estimate, ci95, degrees, p, correctedP: p }] as const;
      });
      const scatter = { groups: fit.groupVariances.map(Math.sqrt), session: Math.sqrt(fit.residualVariance) };
      return [
        [
          measure,
          { arms: Object.fromEntries(rows), differences: Object.fromEntries(differences), scatter },
        ] as const,
      ];
    }),
  );
}

/** p after Holm's correction over every comparison of the report. */
function corrected(measures: DesignReport["measures"]): DesignReport["measures"] {
  const all = Object.values(measures).flatMap(({ differences }) => Object.values(differences));
  const p = holm(all.map((difference) => difference.p));
  all.forEach((difference, i) => {
    difference.correctedP = p[i];
  });
  return measures;
}

function notesOf({ design, sha256 }: Plan, isBlind: boolean): string[] {
  const rules = Object.entries(design.exclude).map(([rule, value]) => `${rule} ${value}`);
  return [
    `The plan was written before the first pulse (SHA-256 ${sha256.slice(0, 16)}…): ${design.arms.length} arms on ${design.dishes.length} dishes, ${design.sessionsPerDish} ${design.sessionsPerDish === 1 ? "session" : "sessions"} a dish, ${design.washoutHours} h of washout.`,
    rules.length === 0
      ? "No rule excludes a session."
      : `Rules of exclusion, fixed by the plan: ${rules.join(", ")}.`,
    "Right answers are read by electrode counts; no model takes part. Means and differences are of a mixed model with an intercept for each dish that has several sessions and for each day, by restricted maximum likelihood, with Satterthwaite's degrees of freedom.",
    ...(isBlind
      ? ["Arms are letters: merge with --unblind once the sessions that do not count are settled."]
      : []),
  ];
}
