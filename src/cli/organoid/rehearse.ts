/** `wetgrad organoid --rehearse`: the experiment on paper. */
import type { OrganoidConfig } from "../../experiment/organoid/config.ts";
import type { TissuePlace } from "../../tissue/place.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";

export async function rehearseRun(
  config: OrganoidConfig,
  place: TissuePlace | undefined,
  json: boolean | undefined,
): Promise<void> {
  const [{ checkPlan, planAt }, { planOf }, { profileAt, taskOf }, { rehearse }, { rehearsalTable }] =
    await Promise.all([
      import("../../experiment/check.ts"),
      import("../../experiment/plans.ts"),
      import("../../experiment/job/setup.ts"),
      import("../../experiment/rehearsal/rehearse.ts"),
      import("../../experiment/rehearsal/table.ts"),
    ]);
  const at = place ?? { kind: "local" as const };
  const plan = planAt(planOf({ kind: "organoid", config }), at);
  const profile = profileAt(plan, at);
  const task = (await taskOf(plan, profile))(plan.firstSeed);
  checkPlan(plan, task, at);
  const rehearsal = await rehearse(plan, task, profile);
  if (json) printJson({ config, ...rehearsal });
  else print(rehearsalTable(rehearsal, stdoutPaint()));
}
