/**
 * How far a run is, in presentations over all jobs, and seconds by stage. Growing a culture and fitting its models count as the
 * presentations that take as long, about; the whole is there only when every job has ended.
 */
import type { DeviceProfile } from "../device/profile.ts";
import { isProbed } from "../session/conditions.ts";
import type { Plan } from "../session/plan.ts";
import { LOOK_VOLLEYS } from "./dish/quiet.ts";
import { surveySteps } from "./roles/assign.ts";

export interface ProgressEvent {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly message: string;
}

export class RunProgress {
  /** Seconds of every part, over all jobs. */
  readonly seconds: Record<string, number> = {};
  /** By job: how far it is, whether it has begun, and whether it has ended. */
  private readonly jobs: { done: number; hasBegun: boolean; hasEnded: boolean }[];
  private readonly estimate: number;
  private shown = 0;

  constructor(
    private readonly plan: Plan,
    jobs: number,
    profile: DeviceProfile,
    private readonly tell: (event: ProgressEvent) => void,
  ) {
    this.jobs = Array.from({ length: jobs }, () => ({ done: 0, hasBegun: false, hasEnded: false }));
    this.estimate = stepsOf(plan, profile) + beginningOf(plan);
  }

  presented(job: number, count: number): void {
    this.jobs[job].done += count;
    this.say();
  }

  took(job: number, part: string, seconds: number): void {
    this.seconds[part] = (this.seconds[part] ?? 0) + seconds;
    const at = this.jobs[job];
    if (part === "begin" && !at.hasBegun) {
      at.hasBegun = true;
      at.done += beginningOf(this.plan);
    }
    this.say();
  }

  ended(job: number): void {
    this.jobs[job].hasEnded = true;
    this.say();
  }

  private say(): void {
    const { length } = this.jobs;
    const ended = this.jobs.filter(({ hasEnded }) => hasEnded);
    const total = length * this.estimate;
    const what = this.plan.brains === 1 ? "cultures" : "vats";
    const isOver = ended.length === length;
    this.shown = isOver ? total : Math.max(this.shown, Math.floor(this.estimate * this.sumOfShares(ended)));
    this.tell({
      done: this.shown,
      total,
      unit: "presentations",
      message: isOver ? "writing the report" : `${ended.length} of ${length} ${what} done`,
    });
  }

  /** Jobs of a run are alike: those that run still take at least what those that have ended took, resumed ones less. */
  private sumOfShares(ended: readonly { readonly done: number }[]): number {
    const expected = Math.max(this.estimate, ...ended.map(({ done }) => done));
    const shareOf = (done: number) => Math.min(done / expected, LAST_SHARE);
    return this.jobs.reduce((sum, { done, hasEnded }) => sum + (hasEnded ? 1 : shareOf(done)), 0);
  }
}

/** Of a job that still runs, at most. */
const LAST_SHARE = 0.99;

/** Presentations that take as long as a gradient step of the fits, and as growing and quieting a culture (1,000 neurons, one core). */
const OF_A_FIT_STEP = 6;
const OF_GROWTH = 400;

function beginningOf({ fitSteps, brains }: Plan): number {
  return Math.round(OF_A_FIT_STEP * fitSteps + OF_GROWTH * brains);
}

/** Steps of tissue in a job, about. */
function stepsOf(plan: Plan, profile: DeviceProfile): number {
  const { cycles, presentations, probeTrials, babbleTrials, arms, retentionSeconds, after } = plan;
  const training = cycles * presentations;
  const afterwards = arms.includes("descent")
    ? (after.includes("scrambled") ? probeTrials : 0) +
      (after.includes("retention") && retentionSeconds > 0 ? probeTrials + retentionSeconds : 0)
    : 0;
  const probes = Array.from({ length: cycles }, (_, cycle) => cycle).filter((cycle) =>
    isProbed(plan, cycle),
  ).length;
  const surveyed = plan.roles === "survey" ? surveySteps(profile) : 0;
  // Looks at a dish; of quieting it is not known beforehand how long it takes.
  const looks = plan.quietMinutes === undefined ? 0 : LOOK_VOLLEYS * cycles;
  return Math.floor(
    surveyed +
      looks +
      babbleTrials +
      probeTrials * (arms.includes("unconnected") ? 2 : 1) +
      (after.includes("untrained") ? training * (arms.includes("descent") ? 2 : 1) : 0) +
      arms.length * (training + probes * probeTrials) +
      afterwards,
  );
}
