/** Before anything is babbled: which electrode is a place and which a class's, chosen by what pulses on each evoke. */
import type { DeviceProfile } from "../../device/profile.ts";
import { rolesBySurvey, type SurveyedRoles } from "../../protocol/survey-roles.ts";
import { cultureSeed } from "../../session/plan.ts";
import { surveyCultures } from "../../session/survey.ts";
import type { Desk } from "../job/lab.ts";
import { recorded, stage } from "../job/recorded.ts";

/** Pulses on each electrode, and the time from one to the next: a minute on 64 electrodes. */
export const SURVEY = { repeats: 20, gapMs: 40 } as const;

/** Steps of tissue of a survey, at most. */
export function surveySteps({ electrodes }: DeviceProfile): number {
  return SURVEY.repeats * electrodes.length;
}

/** Gives the cultures' electrodes their roles by a survey, if the plan asks for one; what is to be told of it. */
export async function assignRoles(desk: Desk): Promise<string[]> {
  const { plan, seed, cultures } = desk;
  if (plan.roles !== "survey") return [];
  const { chosen, state } = await stage(desk, { part: "survey" }, () =>
    recorded(desk, { arm: "common", cycle: -1, phase: "survey" }, async () => {
      const seeds = cultures.brains.map((brain) => cultureSeed(plan, seed, brain));
      const surveys = await surveyCultures(cultures, { seeds, ...SURVEY });
      return {
        chosen: surveys.map((survey, brain) =>
          rolesBySurvey(cultures.layouts[brain].roles, survey, seeds[brain]),
        ),
        state: await cultures.snapshot(),
      };
    }),
  );
  await cultures.restore(state);
  cultures.assign(cultures.layouts.map((layout, brain) => ({ ...layout, roles: chosen[brain].roles })));
  return [noteOf(chosen)];
}

function noteOf(chosen: readonly SurveyedRoles[]): string {
  const mean = (pick: (of: SurveyedRoles) => number) =>
    (chosen.reduce((sum, each) => sum + pick(each), 0) / chosen.length).toFixed(0);
  return `Roles of electrodes were chosen by a survey, ${SURVEY.repeats} pulses on each: the sum over places and classes of log(1 + response) rose from ${mean(({ before }) => before)} to ${mean(({ after }) => after)}${chosen.length > 1 ? ", mean of brains" : ""}.`;
}
