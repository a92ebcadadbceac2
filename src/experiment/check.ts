/** Whether a plan can be carried out: what its method and arms need of tissue, task and number of cultures, before anything grows. */
import type { Needs } from "../methods/description.ts";
import { methodOf } from "../methods/registry.ts";
import type { After, Plan } from "../session/plan.ts";
import type { Task } from "../tasks/contract.ts";
import { abilitiesAt, type TissuePlace } from "../tissue/place.ts";
import type { Ability } from "../tissue/profile.ts";
import { REWARDED_RULES } from "../tissue/rules.ts";
import { RunError } from "./error.ts";

/** Throws `RunError` with the first thing that does not fit. */
export function checkPlan(plan: Plan, task: Task, place: TissuePlace): void {
  const method = methodOf(plan.method);
  const names = Object.keys(method.arms);
  const foreign = plan.arms.find((arm) => !names.includes(arm));
  if (foreign !== undefined)
    throw new RunError(
      `method ${method.name}: expected arms out of ${names.join(", ")}, got ${foreign}; change --arms`,
    );
  if (
    plan.arms.length * plan.seeds * plan.codes.length > 1 &&
    !abilitiesAt(place, plan.wiring).includes("restore")
  )
    throw new RunError(
      `tissue held at ${place.kind} cannot be put back to where another arm began: expected one seed, code and arm, got ${plan.seeds} seeds, ${plan.codes.length} codes and ${plan.arms.length} arms; ask for one of each (--seeds 1)`,
    );
  checkNeeds(`method ${method.name}`, method.needs, plan, { task, place });
  if (plan.rule && method.needs.tissue?.includes("reward") && !REWARDED_RULES.includes(plan.rule))
    throw new RunError(
      `method ${method.name}: expected a rule whose steps can wait for a reward (${REWARDED_RULES.join(", ")}), got ${plan.rule}; change --rule`,
    );
  for (const arm of plan.arms) checkNeeds(`arm ${arm}`, method.arms[arm].needs ?? {}, plan, { task, place });
}

/** What each thing done afterwards needs of tissue: one of these sets of abilities. */
const AFTER_NEEDS: Readonly<Record<After, readonly (readonly Ability[])[]>> = {
  untrained: [["restore"]],
  scrambled: [
    ["synapses", "restore"],
    ["learned", "restore"],
  ],
  retention: [[]],
};

/** The plan without what cannot be done afterwards where the cultures are held. */
export function planAt(plan: Plan, place: TissuePlace): Plan {
  const given = abilitiesAt(place, plan.wiring);
  const omitted = plan.after.filter(
    (step) => !AFTER_NEEDS[step].some((set) => set.every((ability) => given.includes(ability))),
  );
  return { ...plan, after: plan.after.filter((step) => !omitted.includes(step)), omitted };
}

function checkNeeds(
  who: string,
  needs: Partial<Needs>,
  plan: Plan,
  { task, place }: { readonly task: Task; readonly place: TissuePlace },
): void {
  const { tissue = [], task: ofTask = [], brains = "any", arms = [] } = needs;
  if (ofTask.includes("series") && !task.series)
    throw new RunError(
      `${who}: expected a task whose series is known ahead, got ${task.name}, which answers step by step; choose another task`,
    );
  if (ofTask.includes("game") && task.kind !== "game")
    throw new RunError(
      `${who}: expected a game with hits and misses, got the task ${task.name}; leave it out of --arms`,
    );
  if (brains === "one" && plan.brains > 1)
    throw new RunError(`${who}: expected one culture, got ${plan.brains}; set --brains 1`);
  if (brains === "several" && plan.brains === 1)
    throw new RunError(`${who}: expected several cultures, got one; leave it out of --arms`);
  const missing = arms.find((arm) => !plan.arms.includes(arm));
  if (missing !== undefined)
    throw new RunError(
      `${who} replays what ${missing} did: expected ${missing} among the arms, got ${plan.arms.join(", ")}; add ${missing} to --arms`,
    );
  const given = abilitiesAt(place, plan.wiring);
  const lacking = tissue.find((ability) => !given.includes(ability));
  if (lacking !== undefined)
    throw new RunError(
      `${who}: expected tissue with the ability "${lacking}", got tissue held at ${place.kind}, which has ${given.join(", ") || "none"}; ${place.kind === "dish" ? "leave --dish out" : "hold it on this machine"}`,
    );
}
