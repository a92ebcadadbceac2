/** What a vat was asked, question by question, beside predictions that need no brain on the same held-out steps. */
import { bootstrapInterval } from "../../math/interval.ts";
import { mean } from "../../math/statistics.ts";
import type { QuestionReport, VatPart } from "../../report/schema/vat.ts";
import type { Task } from "../../tasks/contract.ts";
import {
  bestBrainAccuracy,
  jointAccuracy,
  majorityAccuracy,
  onlyQuestion,
} from "../../tasks/measures/decide.ts";
import type { Outcome } from "../job/outcome.ts";
import type { VatArm } from "../vat/config.ts";

const DECISIONS = { joint: jointAccuracy, majority: majorityAccuracy, bestBrain: bestBrainAccuracy } as const;

/** Accuracy of a baseline on question `q` of one seed, mean over the brains that know of it. */
function baselineAccuracy({ baselines }: Outcome, name: string, { questions }: Task, q: number): number {
  return mean(questions[q].brains.map((brain) => baselines?.[name]?.[brain]?.accuracy ?? Number.NaN));
}

/** Accuracy of every baseline by seed, mean over questions. */
export function baselineIntervals(
  outcomes: readonly Outcome[],
  tasks: readonly Task[],
): VatPart["baselines"] {
  const names = Object.keys(outcomes[0].baselines ?? {});
  if (names.length === 0) return undefined;
  return Object.fromEntries(
    names.map((name) => [
      name,
      bootstrapInterval(
        outcomes.map((outcome, s) =>
          mean(tasks[s].questions.map((_, q) => baselineAccuracy(outcome, name, tasks[s], q))),
        ),
      ),
    ]),
  );
}

/** Outcomes and tasks of the seeds. */
export function questionReports(
  outcomes: readonly Outcome[],
  tasks: readonly Task[],
  arms: readonly VatArm[],
): QuestionReport[] {
  const { questions } = tasks[0];
  const known = Object.keys(outcomes[0].baselines ?? {});
  if (questions.length < 2 && known.length === 0) return [];
  return questions.map(({ name, brains }, q) => {
    const decided = (arm: VatArm, decision: keyof typeof DECISIONS) =>
      bootstrapInterval(
        outcomes.map(({ arms: found, before }, s) => {
          const probe = found[arm].probes.at(-1) ?? found[arm].before ?? before;
          const one = onlyQuestion(probe.spoken, tasks[s].questions, q);
          return DECISIONS[decision](one.spoken, one.questions);
        }),
      );
    return {
      name,
      brains: brains.length,
      baselines: Object.fromEntries(
        known.map((baseline) => [
          baseline,
          mean(outcomes.map((outcome, s) => baselineAccuracy(outcome, baseline, tasks[s], q))),
        ]),
      ),
      arms: Object.fromEntries(
        arms.map((arm) => [
          arm,
          {
            joint: decided(arm, "joint"),
            majority: decided(arm, "majority"),
            bestBrain: decided(arm, "bestBrain"),
          },
        ]),
      ),
    };
  });
}
